// SPDX-License-Identifier: Apache-2.0
// How much of the processor one receive socket may cost. A flood must not keep the protocol's thread from its own
// adverts, nor occupy a processor at real-time priority. Pure: told what was read and how long it took, it says which
// filter the socket needs and whether it is to be left alone for a moment. Decision 0025.
#pragma once

#include <cstddef>
#include <optional>

#include "lib/base/time.h"

namespace tandem::vrrpd::io {

class Guard {
 public:
  enum class Filter {
    none,
    ours,     // what cannot concern a virtual router here is dropped in the kernel
    winning,  // and of what can, most that would change no state
    known,    // and most that does not come from a Master who is followed
  };
  struct Turn {
    base::TimePoint ended;
    base::Duration took;      // of the processor
    std::size_t refused = 0;  // packets that Filter::ours would have dropped
    bool more = false;        // are waiting
    std::size_t crowd = 1;    // sockets that have a filter now, this one included: they share the processor
  };

  void after(const Turn& turn);
  // Opens the socket again if its window is over; after a window with a flood it closes sooner.
  void advance(base::TimePoint now);

  Filter filter() const { return filter_; }
  bool pauses(base::TimePoint now) const { return now < paused_until_; }
  // When to call advance() and to ask again; none: there is nothing to open.
  std::optional<base::TimePoint> deadline(base::TimePoint now) const;

 private:
  std::optional<base::TimePoint> window_end_{};
  base::TimePoint paused_until_{};
  base::Duration spent_{};   // in this window
  std::size_t refused_ = 0;  // likewise
  Filter filter_ = Filter::none;
  bool flooded_before_ = false;  // in the last window
};

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
// On which interfaces router solicitations are heard, and which of them are to be dropped for now: answers are
// multicast and limited (RFC 4861 §6.2.6), so one solicitation speaks for all of the next half second. A second one is
// remembered for its end, and further ones need not be heard. Pure.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/time.h"

namespace tandem::vrrpd::io {

class Ears {
 public:
  bool contains(base::IfIndex interface) const { return ears_.contains(interface); }
  void add(base::IfIndex interface);
  bool remove(base::IfIndex interface);  // returns whether it was there

  // A solicitation: returns whether to answer now.
  bool heard(base::IfIndex interface, base::TimePoint now);
  // The interfaces on which a host asked while solicitations were ignored, and on which that period is over.
  std::vector<base::IfIndex> take_due(base::TimePoint now);
  std::optional<base::TimePoint> deadline() const;  // for take_due()

  // The interfaces to be heard, if they are others than at the last call.
  std::optional<std::vector<base::IfIndex>> take_change();

 private:
  struct Ear {
    base::TimePoint deaf_until{};
    bool asked = false;  // since it is deaf
  };

  std::map<base::IfIndex, Ear> ears_;
  bool changed_ = false;
};

}  // namespace tandem::vrrpd::io

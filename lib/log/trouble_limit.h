// SPDX-License-Identifier: Apache-2.0
// Decides which problems with neighbours get a line of the log. A problem that continues is repeated seldom; one that
// returns after `forget` is logged again. Lines are limited for each subject in a window, and for all subjects
// together, so that a sender of invented addresses cannot fill the log. Suppressed problems are counted by subject for
// a summary; nothing else of them is kept.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "lib/base/ip.h"
#include "lib/base/time.h"

namespace tandem::log {

class TroubleLimit {
 public:
  struct Limits {
    base::Duration window;
    std::size_t lines_of_subject;  // in a window
    std::size_t lines;             // in a window, of all subjects
    base::Duration repeat;         // between lines about a problem that continues
    base::Duration forget;         // a problem that is absent for this long is new when it returns
  };
  explicit TroubleLimit(const Limits& limits) : limits_(limits) {}

  struct Trouble {
    std::uint64_t subject;  // the object and the kind of problem
    base::IpAddress peer;
    std::uint64_t detail = 0;  // a different detail makes a different problem
    auto operator<=>(const Trouble&) const = default;
  };
  enum class Verdict : std::uint8_t { say, said, left_out };
  struct Answer {
    Verdict verdict;
    std::uint64_t more = 0;  // suppressed lines since the last one, to be reported with this one
  };
  Answer ask(const Trouble& trouble, base::TimePoint now);

  struct LeftOut {
    std::uint64_t subject;
    std::uint64_t count;
  };
  // The time of the next summary; nullopt: nothing was suppressed.
  std::optional<base::TimePoint> deadline() const;
  // The suppressed problems of the last window, most frequent first.
  std::vector<LeftOut> take_left_out(base::TimePoint now);

 private:
  struct Said {
    base::TimePoint said;
    base::TimePoint seen;
    std::uint64_t more;
  };

  bool take_line(std::uint64_t subject, base::TimePoint now);
  void begin_window(base::TimePoint now);

  Limits limits_;
  std::map<Trouble, Said> said_;
  std::optional<base::TimePoint> window_;
  std::size_t lines_ = 0;
  std::map<std::uint64_t, std::size_t> lines_of_;
  std::map<std::uint64_t, std::uint64_t> left_out_;
};

}  // namespace tandem::log

// SPDX-License-Identifier: Apache-2.0
// Decides which troubles with neighbours get a line of the log. A trouble that goes on is repeated seldom; one that returns
// after `forget` is logged again. Each subject has a few lines in a window, and all together have some more, however many
// senders are made up. Suppressed troubles are counted by subject, for a summary; nothing else of them is kept.
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
    base::Duration repeat;         // a trouble that goes on
    base::Duration forget;         // a trouble that has not been seen for so long
  };
  explicit TroubleLimit(const Limits& limits) : limits_(limits) {}

  struct Trouble {
    std::uint64_t subject;  // the object and the kind of trouble
    base::IpAddress peer;
    std::uint64_t detail = 0;  // another detail is another trouble
    auto operator<=>(const Trouble&) const = default;
  };
  enum class Verdict : std::uint8_t { say, said, left_out };
  struct Answer {
    Verdict verdict;
    std::uint64_t more = 0;  // say: so many have not been said since
  };
  Answer ask(const Trouble& trouble, base::TimePoint now);

  struct LeftOut {
    std::uint64_t subject;
    std::uint64_t count;
  };
  // The time of the next summary; nullopt: there is nothing to sum up.
  std::optional<base::TimePoint> deadline() const;
  // The suppressed troubles of the last window, most frequent first.
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

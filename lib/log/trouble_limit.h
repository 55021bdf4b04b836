// SPDX-License-Identifier: Apache-2.0
// Which troubles with neighbours get a line of the log. Said once, a trouble that goes on is repeated seldom; one that
// comes back after a while is said again. However many senders are made up: each subject has a few lines in a window,
// and all together have some more. What is left out is counted and can be summed up, and nothing of it is remembered
// beyond that.
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
  // When there is something to sum up; nothing: there is not.
  std::optional<base::TimePoint> deadline() const;
  // What was left out in the window that is over, most first.
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

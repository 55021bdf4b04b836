// SPDX-License-Identifier: Apache-2.0
// Limits the rate of log lines (RFC 9568 §7.1): the first occurrence of a key passes, later ones within `interval` are
// suppressed and counted, and the next one that passes returns their number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "lib/base/time.h"

namespace tandem::log {

class RateLimit {
 public:
  // At most `max_keys` keys have an entry; further keys share one. Entries whose last line is an interval old are
  // removed, with their count: a sender of invented keys must not silence the log.
  RateLimit(base::Duration interval, std::size_t max_keys) : interval_(interval), max_keys_(max_keys) {}

  // The number of suppressed occurrences since the last one that passed; nullopt: suppress this one.
  std::optional<std::uint64_t> pass(const std::string& key, base::TimePoint now);

 private:
  struct Entry {
    base::TimePoint last;
    std::uint64_t suppressed;
  };

  void make_room(base::TimePoint now);
  std::optional<std::uint64_t> pass(Entry& entry, base::TimePoint now) const;

  base::Duration interval_;
  std::size_t max_keys_;
  std::unordered_map<std::string, Entry> entries_;
  std::optional<Entry> shared_;  // of the keys without an entry of their own
  std::optional<base::TimePoint> last_cleaning_;
};

}  // namespace tandem::log

// SPDX-License-Identifier: Apache-2.0
// Limits lines of the log (RFC 9568 §7.1): the first occurrence of a key passes, later ones within `interval` are suppressed
// and counted, and the next one that passes gets their number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "lib/base/time.h"

namespace tandem::log {

class RateLimit {
 public:
  // At most `max_keys` keys have an entry: beyond that new keys share one. Entries whose last line is an interval old are
  // removed, with their count: a sender of made-up keys must not silence the log.
  RateLimit(base::Duration interval, std::size_t max_keys) : interval_(interval), max_keys_(max_keys) {}

  // The number of suppressed occurrences since the last that passed, or nullopt if this one is to be suppressed.
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
  std::optional<Entry> shared_;  // of the keys that found no room
  std::optional<base::TimePoint> last_cleaning_;
};

}  // namespace tandem::log

// SPDX-License-Identifier: Apache-2.0
#include "lib/log/rate_limit.h"

namespace tandem::log {

std::optional<std::uint64_t> RateLimit::pass(const std::string& key, base::TimePoint now) {
  if (const auto found = entries_.find(key); found != entries_.end()) {
    return pass(found->second, now);
  }
  if (entries_.size() >= max_keys_) {
    make_room(now);
  }
  if (entries_.size() < max_keys_) {
    entries_.emplace(key, Entry{now, 0});
    return 0;
  }
  if (!shared_) {
    shared_ = Entry{now, 0};
    return 0;
  }
  return pass(*shared_, now);
}

std::optional<std::uint64_t> RateLimit::pass(Entry& entry, base::TimePoint now) const {
  if (now - entry.last < interval_) {
    ++entry.suppressed;
    return std::nullopt;
  }
  const std::uint64_t suppressed = entry.suppressed;
  entry = Entry{now, 0};
  return suppressed;
}

// Visits every key, therefore at most once an interval: a flood of new keys must not cause more work.
void RateLimit::make_room(base::TimePoint now) {
  if (last_cleaning_ && now - *last_cleaning_ < interval_) {
    return;
  }
  last_cleaning_ = now;
  std::erase_if(entries_, [&](const auto& item) { return now - item.second.last >= interval_; });
}

}  // namespace tandem::log

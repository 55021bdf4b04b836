// SPDX-License-Identifier: Apache-2.0
#include "lib/log/trouble_limit.h"

#include <algorithm>

namespace tandem::log {

TroubleLimit::Answer TroubleLimit::ask(const Trouble& trouble, base::TimePoint now) {
  const auto known = said_.find(trouble);
  if (known != said_.end()) {
    Said& said = known->second;
    const bool goes_on = now - said.seen < limits_.forget;
    said.seen = now;
    if (goes_on && now - said.said < limits_.repeat) {
      ++said.more;
      return {Verdict::said};
    }
  }
  if (!take_line(trouble.subject, now)) {
    ++left_out_[trouble.subject];
    return {Verdict::left_out};
  }
  const std::uint64_t more = known == said_.end() ? 0 : known->second.more;
  said_.insert_or_assign(trouble, Said{.said = now, .seen = now, .more = 0});
  return {Verdict::say, more};
}

// Stores only subjects that get a line, so `lines` and `forget` bound the memory.
bool TroubleLimit::take_line(std::uint64_t subject, base::TimePoint now) {
  if (!window_ || now - *window_ >= limits_.window) {
    begin_window(now);
  }
  if (lines_ >= limits_.lines) {
    return false;
  }
  std::size_t& lines_of_subject = lines_of_[subject];
  if (lines_of_subject >= limits_.lines_of_subject) {
    return false;
  }
  ++lines_of_subject;
  ++lines_;
  return true;
}

void TroubleLimit::begin_window(base::TimePoint now) {
  window_ = now;
  lines_ = 0;
  lines_of_.clear();
  std::erase_if(said_, [&](const auto& item) { return now - item.second.seen >= limits_.forget; });
}

std::optional<base::TimePoint> TroubleLimit::deadline() const {
  return left_out_.empty() ? std::nullopt : std::optional(*window_ + limits_.window);
}

std::vector<TroubleLimit::LeftOut> TroubleLimit::take_left_out(base::TimePoint now) {
  if (left_out_.empty() || now < *deadline()) {
    return {};
  }
  std::vector<LeftOut> result;
  result.reserve(left_out_.size());
  for (const auto& [subject, count] : left_out_) {
    result.push_back({subject, count});
  }
  left_out_.clear();
  std::stable_sort(result.begin(), result.end(), [](const LeftOut& a, const LeftOut& b) { return a.count > b.count; });
  return result;
}

}  // namespace tandem::log

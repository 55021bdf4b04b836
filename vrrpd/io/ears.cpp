// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/ears.h"

#include <algorithm>
#include <utility>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

void Ears::add(base::IfIndex interface) { changed_ = ears_.try_emplace(interface).second || changed_; }

bool Ears::remove(base::IfIndex interface) {
  const bool known = ears_.erase(interface) != 0;
  changed_ = changed_ || known;
  return known;
}

bool Ears::heard(base::IfIndex interface, base::TimePoint now) {
  const auto found = ears_.find(interface);
  if (found == ears_.end() || found->second.asked) {
    return false;
  }
  Ear& ear = found->second;
  if (now >= ear.deaf_until) {
    ear.deaf_until = now + kSolicitationPause;
    return true;
  }
  ear.asked = true;
  changed_ = true;
  return false;
}

// The host that asked last may have had the answer to the first.
std::vector<base::IfIndex> Ears::take_due(base::TimePoint now) {
  std::vector<base::IfIndex> due;
  for (auto& [interface, ear] : ears_) {
    if (ear.asked && now >= ear.deaf_until) {
      ear = {.deaf_until = now + kSolicitationPause};
      changed_ = true;
      due.push_back(interface);
    }
  }
  return due;
}

std::optional<base::TimePoint> Ears::deadline() const {
  std::optional<base::TimePoint> next;
  for (const auto& [interface, ear] : ears_) {
    if (ear.asked) {
      next = std::min(next.value_or(ear.deaf_until), ear.deaf_until);
    }
  }
  return next;
}

std::optional<std::vector<base::IfIndex>> Ears::take_change() {
  if (!std::exchange(changed_, false)) {
    return std::nullopt;
  }
  std::vector<base::IfIndex> heard;
  for (const auto& [interface, ear] : ears_) {
    if (!ear.asked) {
      heard.push_back(interface);
    }
  }
  return heard;
}

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/agenda.h"

namespace tandem::vrrpd::io {

void Agenda::add(Concern concern, Urgency urgency) {
  remove(concern);
  by_urgency_.emplace(urgency, concern);
  urgencies_.emplace(concern, urgency);
}

void Agenda::remove(Concern concern) {
  if (const auto known = urgencies_.find(concern); known != urgencies_.end()) {
    by_urgency_.erase({known->second, concern});
    urgencies_.erase(known);
  }
}

std::optional<Concern> Agenda::take(Urgency least) {
  if (!has(least)) {
    return std::nullopt;
  }
  const Concern first = by_urgency_.begin()->second;
  remove(first);
  return first;
}

}  // namespace tandem::vrrpd::io

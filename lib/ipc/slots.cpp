// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/slots.h"

#include <fmt/format.h>

#include <algorithm>

namespace tandem::ipc {

std::optional<std::string> no_slot_for(const Peer& peer, const std::vector<const Peer*>& open, const Limits& limits) {
  const auto count = [&open](const auto& counts) {
    return static_cast<std::size_t>(
        std::ranges::count_if(open, [&counts](const Peer* other) { return counts(*other); }));
  };
  const std::size_t theirs = count([&peer](const Peer& other) { return other.uid == peer.uid; });
  if (theirs >= limits.sessions_per_user) {
    return fmt::format("{} sessions of {} are open already", theirs, peer.user);
  }
  const std::size_t viewers = count([](const Peer& other) { return !other.may_configure; });
  if (!peer.may_configure && viewers >= limits.sessions_of_viewers) {
    return fmt::format("{} sessions of users who may only look are open already", viewers);
  }
  if (open.size() >= limits.sessions) {
    return fmt::format("{} sessions are open already", open.size());
  }
  return std::nullopt;
}

}  // namespace tandem::ipc

// SPDX-License-Identifier: Apache-2.0
// The user at the other end of a Unix socket.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "lib/base/time.h"
#include "lib/ipc/limits.h"
#include "lib/ipc/session.h"
#include "lib/ipc/throttle.h"

namespace tandem::ipc {

// Uses SO_PEERCRED and the user database, which may be a remote server. Answers are cached for some seconds, so that a
// client that connects in a loop does not delay the others.
class PeerDirectory {
 public:
  PeerDirectory(std::string admin_group, const Limits& limits)
      : admin_group_(std::move(admin_group)), limits_(limits) {}

  // nullopt: the kernel does not report the peer's credentials.
  std::optional<Peer> identify(int socket, base::TimePoint now);
  // False: the viewer connects too often. `peer` was identified at `now`.
  bool admit(const Peer& peer, base::TimePoint now);

 private:
  using Ids = std::pair<std::uint32_t, std::uint32_t>;  // user and group of a process
  struct Identity {
    std::string user;
    bool may_configure;
    base::TimePoint until;
  };

  const Identity& look_up(Ids ids, base::TimePoint now);

  std::string admin_group_;
  const Limits& limits_;
  std::map<Ids, Identity> known_;
  std::map<std::uint32_t, Throttle> connections_;  // of viewers, by user
};

}  // namespace tandem::ipc

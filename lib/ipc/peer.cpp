// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/peer.h"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <vector>

namespace tandem::ipc {
namespace {

constexpr int kMaxGroups = 65536;  // Linux's NGROUPS_MAX

// How long an answer of the user database is used. A user who is added to the group can configure after this time.
constexpr base::Duration kIdentityAge = std::chrono::seconds(5);
constexpr std::size_t kMaxKnown = 256;  // users remembered

// Primary and supplementary groups from the user database: the kernel reports only the primary one.
std::vector<gid_t> groups_of(const passwd& user) {
  int count = 64;
  std::vector<gid_t> groups;
  do {
    groups.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(user.pw_name, user.pw_gid, groups.data(), &count) >= 0) {
      groups.resize(static_cast<std::size_t>(count));
      return groups;
    }
  } while (count <= kMaxGroups);
  return {};
}

bool is_member(gid_t group_of_process, const passwd* user, const std::string& group_name) {
  const group* admin = group_name.empty() ? nullptr : ::getgrnam(group_name.c_str());
  if (admin == nullptr) {
    return false;
  }
  const gid_t wanted = admin->gr_gid;
  if (group_of_process == wanted) {
    return true;
  }
  if (user == nullptr) {
    return false;
  }
  const std::vector<gid_t> groups = groups_of(*user);
  return std::find(groups.begin(), groups.end(), wanted) != groups.end();
}

}  // namespace

std::optional<Peer> PeerDirectory::identify(int socket, base::TimePoint now) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return std::nullopt;
  }
  const Identity& identity = look_up({credentials.uid, credentials.gid}, now);
  return Peer{.pid = static_cast<std::uint32_t>(credentials.pid),
              .uid = credentials.uid,
              .user = identity.user,
              .may_configure = identity.may_configure};
}

const PeerDirectory::Identity& PeerDirectory::look_up(Ids ids, base::TimePoint now) {
  if (const auto known = known_.find(ids); known != known_.end() && now < known->second.until) {
    return known->second;
  }
  if (known_.size() >= kMaxKnown) {
    known_.clear();
  }
  const auto [uid, gid] = ids;
  const passwd* user = ::getpwuid(uid);
  Identity identity{.user = user != nullptr ? std::string(user->pw_name) : std::to_string(uid),
                    .may_configure = uid == 0 || uid == ::geteuid() || is_member(gid, user, admin_group_),
                    .until = now + kIdentityAge};
  return known_.insert_or_assign(ids, std::move(identity)).first->second;
}

bool PeerDirectory::admit(const Peer& peer, base::TimePoint now) {
  if (peer.may_configure) {
    return true;
  }
  if (connections_.size() >= kMaxKnown && !connections_.contains(peer.uid)) {
    connections_.clear();
  }
  Throttle& throttle =
      connections_.try_emplace(peer.uid, limits_.connections_per_second, limits_.connections_at_once).first->second;
  return !throttle.admit(now);
}

}  // namespace tandem::ipc

// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/peer.h"

#include <grp.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace tandem::ipc {
namespace {

constexpr int kMaxGroups = 65536;  // Linux's NGROUPS_MAX

// Primary and supplementary groups by the database: the kernel tells only the primary one.
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

bool is_member(const ucred& credentials, const passwd* user, const std::string& group_name) {
  const group* admin = group_name.empty() ? nullptr : ::getgrnam(group_name.c_str());
  if (admin == nullptr) {
    return false;
  }
  const gid_t wanted = admin->gr_gid;
  if (credentials.gid == wanted) {
    return true;
  }
  if (user == nullptr) {
    return false;
  }
  const std::vector<gid_t> groups = groups_of(*user);
  return std::find(groups.begin(), groups.end(), wanted) != groups.end();
}

}  // namespace

std::optional<Peer> identify_peer(int socket, const std::string& admin_group) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    return std::nullopt;
  }
  const passwd* user = ::getpwuid(credentials.uid);
  Peer peer;
  peer.pid = static_cast<std::uint32_t>(credentials.pid);
  peer.uid = credentials.uid;
  peer.user = user != nullptr ? std::string(user->pw_name) : std::to_string(credentials.uid);
  peer.may_configure =
      credentials.uid == 0 || credentials.uid == ::geteuid() || is_member(credentials, user, admin_group);
  return peer;
}

}  // namespace tandem::ipc

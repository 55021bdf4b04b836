// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/socket.h"

#include <grp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

namespace tandem::ipc {
namespace {

constexpr int kListenBacklog = 64;  // connections that a busy daemon has not accepted yet
constexpr mode_t kSocketMode = 0770;

base::Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return base::fail("{}: the path is too long for a Unix socket (limit {})", path, sizeof address.sun_path - 1);
  }
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

// The socket calls take the address type of any family.
const sockaddr* generic(const sockaddr_un& address) { return reinterpret_cast<const sockaddr*>(&address); }

// Creates the socket's file with its final mode and group. Nothing uses the file by its name afterwards: another user
// of the directory may have replaced it by then.
class Making {
 public:
  Making(int socket, std::optional<gid_t> group) : mask_(::umask(0)), group_(::getegid()) {
    static_cast<void>(::fchmod(socket, kSocketMode));  // bind() gives this mode to the file
    if (group && ::geteuid() == 0) {
      static_cast<void>(::setegid(*group));
    }
  }
  ~Making() {
    ::umask(mask_);
    if (::getegid() != group_) {
      static_cast<void>(::setegid(group_));
    }
  }
  Making(const Making&) = delete;
  Making& operator=(const Making&) = delete;

 private:
  mode_t mask_;
  gid_t group_;
};

std::optional<gid_t> id_of(const std::string& group_name) {
  const group* entry = group_name.empty() ? nullptr : ::getgrnam(group_name.c_str());
  return entry != nullptr ? std::optional(entry->gr_gid) : std::nullopt;
}

// Changes the group with the rights of the daemon's user only, who must be a member of it.
base::Result<> give_to_group(const std::string& path, std::optional<gid_t> group) {
  if (!group || ::geteuid() == 0 || ::getegid() == *group) {
    return {};
  }
  if (::lchown(path.c_str(), static_cast<uid_t>(-1), *group) != 0) {
    return base::fail_errno(errno, fmt::format("cannot give the socket {} to group {}", path, *group));
  }
  return {};
}

}  // namespace

base::Result<os::FileDescriptor> connect_socket(const std::string& path) {
  const auto address = TANDEM_TRY(address_of(path));
  os::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open() || ::connect(socket.get(), generic(address), sizeof address) != 0) {
    return base::fail_errno(errno, path);
  }
  return socket;
}

base::Result<> remove_stale_socket(const std::string& path) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) {
    return {};
  }
  if (!S_ISSOCK(status.st_mode)) {
    return base::fail("{} exists and is not a socket", path);
  }
  if (const auto connection = connect_socket(path); connection) {
    return base::fail("already running: another daemon answers on {}", path);
  } else if (connection.error().code != ECONNREFUSED && connection.error().code != ENOENT) {
    return base::fail_with_context("cannot replace the socket", connection.error());
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
    return base::fail_errno(errno, fmt::format("cannot remove the stale socket {}", path));
  }
  return {};
}

base::Result<os::FileDescriptor> listen_on_socket(const std::string& path, const std::string& group) {
  const auto address = TANDEM_TRY(address_of(path));
  TANDEM_TRY(remove_stale_socket(path));
  os::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) {
    return base::fail_errno(errno, "cannot create a Unix socket");
  }
  const auto admin = id_of(group);
  const int bound = [&] {
    const Making making(socket.get(), admin);
    return ::bind(socket.get(), generic(address), sizeof address) == 0 ? 0 : errno;
  }();
  if (bound != 0) {
    return base::fail_errno(bound, fmt::format("cannot create the socket {}", path));
  }
  TANDEM_TRY(give_to_group(path, admin));
  if (::listen(socket.get(), kListenBacklog) != 0) {
    return base::fail_errno(errno, fmt::format("cannot listen on {}", path));
  }
  return socket;
}

}  // namespace tandem::ipc

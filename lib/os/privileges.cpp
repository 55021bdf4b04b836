// SPDX-License-Identifier: Apache-2.0
#include "lib/os/privileges.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>

#include "lib/os/fd.h"

namespace tandem::os {
namespace {

struct CapDeleter {
  void operator()(cap_t set) const { cap_free(set); }
};
using CapabilitySet = std::unique_ptr<std::remove_pointer_t<cap_t>, CapDeleter>;

struct NamedCapability {
  cap_value_t value;
  const char* name;
};
constexpr std::array<NamedCapability, 2> kNeeded{{{CAP_NET_ADMIN, "CAP_NET_ADMIN"}, {CAP_NET_RAW, "CAP_NET_RAW"}}};

bool is_needed(cap_value_t value) { return value == CAP_NET_ADMIN || value == CAP_NET_RAW; }

struct Ids {
  std::optional<uid_t> user;
  std::optional<gid_t> group;
};

base::Result<Ids> look_up(const Account& account) {
  Ids ids;
  if (!account.user.empty()) {
    const passwd* entry = ::getpwnam(account.user.c_str());
    if (entry == nullptr) {
      return base::fail("user '{}' does not exist", account.user);
    }
    ids = {entry->pw_uid, entry->pw_gid};
  }
  if (!account.group.empty()) {
    const group* entry = ::getgrnam(account.group.c_str());
    if (entry == nullptr) {
      return base::fail("group '{}' does not exist", account.group);
    }
    ids.group = entry->gr_gid;
  }
  return ids;
}

base::Result<> become(const Account& account, const Ids& ids) {
  if (ids.group && ::setgid(*ids.group) != 0) {
    return base::fail_errno(errno, fmt::format("cannot change to the group of '{}'", account.user + account.group));
  }
  if (ids.user) {
    if (::initgroups(account.user.c_str(), *ids.group) != 0) {
      return base::fail_errno(errno, fmt::format("cannot take the groups of user '{}'", account.user));
    }
    // Without this the change of user would take all capabilities away.
    if (::prctl(PR_SET_KEEPCAPS, 1UL, 0UL, 0UL, 0UL) != 0 || ::setuid(*ids.user) != 0) {
      return base::fail_errno(errno, fmt::format("cannot become user '{}'", account.user));
    }
  }
  return {};
}

// The bounding set limits what an exec could give back. Only a process with CAP_SETPCAP may lower it; without it there
// is nothing to lower that no_new_privs would not forbid anyhow.
void lower_bounding_set() {
  for (cap_value_t value = 0; cap_get_bound(value) >= 0; ++value) {
    if (!is_needed(value)) {
      cap_drop_bound(value);
    }
  }
}

// The kernel forgets the signal that a parent's end sends when a process changes its user.
class ParentDeathSignal {
 public:
  ParentDeathSignal() { ::prctl(PR_GET_PDEATHSIG, &signal_, 0UL, 0UL, 0UL); }
  ~ParentDeathSignal() {
    ::prctl(PR_SET_PDEATHSIG, static_cast<unsigned long>(signal_), 0UL, 0UL, 0UL);
    if (signal_ != 0 && ::getppid() != parent_) {
      ::raise(signal_);  // it has ended meanwhile
    }
  }
  ParentDeathSignal(const ParentDeathSignal&) = delete;
  ParentDeathSignal& operator=(const ParentDeathSignal&) = delete;

 private:
  int signal_ = 0;
  pid_t parent_ = ::getppid();
};

}  // namespace

base::Result<> check_network_capabilities() {
  const CapabilitySet mine(cap_get_proc());
  std::string missing;
  for (const NamedCapability& needed : kNeeded) {
    cap_flag_value_t value = CAP_CLEAR;
    if (!mine || cap_get_flag(mine.get(), needed.value, CAP_EFFECTIVE, &value) != 0 || value != CAP_SET) {
      missing += missing.empty() ? needed.name : fmt::format(" and {}", needed.name);
    }
  }
  if (!missing.empty()) {
    return base::fail("missing {}: start as root or give the program these capabilities", missing);
  }
  return {};
}

base::Result<> give_directory(const std::string& path, const Account& account) {
  const auto ids = look_up(account);
  if (!ids) {
    return base::Unexpected<base::Error>(ids.error());
  }
  if (!ids->user) {
    return {};
  }
  const gid_t group = ids->group.value_or(static_cast<gid_t>(-1));
  const FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.is_open() || ::fchown(directory.get(), *ids->user, group) != 0) {
    return base::fail_errno(errno, fmt::format("cannot give {} to user '{}'", path, account.user));
  }
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    const std::string name = entry.path().filename().string();
    struct stat file{};
    const bool ours = ::fstatat(directory.get(), name.c_str(), &file, AT_SYMLINK_NOFOLLOW) == 0 &&
                      S_ISREG(file.st_mode) && file.st_uid == ::geteuid() && file.st_nlink == 1;
    if (ours && ::fchownat(directory.get(), name.c_str(), *ids->user, group, AT_SYMLINK_NOFOLLOW) != 0) {
      return base::fail_errno(errno, fmt::format("cannot give {}/{} to user '{}'", path, name, account.user));
    }
  }
  return {};
}

bool belongs_to(const std::string& path, const Account& account) {
  const auto ids = look_up(account);
  struct stat file{};
  return ids && ids->user && ::lstat(path.c_str(), &file) == 0 && file.st_uid == *ids->user;
}

base::Result<> check_writable(const std::string& directory, const Account& account) {
  if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    return base::fail_errno(errno, fmt::format("user '{}' cannot write to {}: give it to that user, or name another",
                                               account.user, directory));
  }
  return {};
}

base::Result<> drop_privileges(const Account& account) {
  const ParentDeathSignal kept;
  const auto ids = look_up(account);
  if (!ids) {
    return base::Unexpected<base::Error>(ids.error());
  }
  lower_bounding_set();
  if (auto changed = become(account, *ids); !changed) {
    return changed;
  }
  const CapabilitySet wanted(cap_init());
  const std::array<cap_value_t, 2> values{CAP_NET_ADMIN, CAP_NET_RAW};
  const int count = static_cast<int>(values.size());
  if (!wanted || cap_set_flag(wanted.get(), CAP_PERMITTED, count, values.data(), CAP_SET) != 0 ||
      cap_set_flag(wanted.get(), CAP_EFFECTIVE, count, values.data(), CAP_SET) != 0 ||
      cap_set_proc(wanted.get()) != 0) {
    return base::fail_errno(errno, "cannot reduce the privileges to CAP_NET_ADMIN and CAP_NET_RAW");
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0) {
    return base::fail_errno(errno, "cannot set no_new_privs");
  }
  return {};
}

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
#include "lib/os/privileges.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "lib/os/fd.h"
#include "lib/os/place.h"
#include "lib/os/sanitized.h"

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

constexpr cap_value_t kPriority = CAP_SYS_NICE;

bool is_kept(cap_value_t value, Keep keep) {
  return value == CAP_NET_ADMIN || value == CAP_NET_RAW || (value == kPriority && keep == Keep::network_and_priority);
}

bool has(cap_value_t capability, cap_flag_t set) {
  const CapabilitySet mine(cap_get_proc());
  cap_flag_value_t value = CAP_CLEAR;
  return mine && cap_get_flag(mine.get(), capability, set, &value) == 0 && value == CAP_SET;
}

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

bool is(const Ids& ids) {
  return (!ids.user || (::getuid() == *ids.user && ::geteuid() == *ids.user)) &&
         (!ids.group || (::getgid() == *ids.group && ::getegid() == *ids.group));
}

base::Result<> become(const Account& account, const Ids& ids) {
  if (is(ids)) {
    return {};
  }
  if (ids.group && ::setgid(*ids.group) != 0) {
    return base::fail_errno(errno, fmt::format("cannot change to the group of '{}'", account.user + account.group));
  }
  if (ids.user) {
    if (::initgroups(account.user.c_str(), *ids.group) != 0) {
      return base::fail_errno(errno, fmt::format("cannot take the groups of user '{}'", account.user));
    }
    // Otherwise the change of user drops all capabilities.
    if (::prctl(PR_SET_KEEPCAPS, 1UL, 0UL, 0UL, 0UL) != 0 || ::setuid(*ids.user) != 0) {
      return base::fail_errno(errno, fmt::format("cannot become user '{}'", account.user));
    }
  }
  return {};
}

// The bounding set limits what execve() could give back. Only a process with CAP_SETPCAP may lower it; without that
// capability no_new_privs is enough.
void lower_bounding_set(Keep keep) {
  for (cap_value_t value = 0; cap_get_bound(value) >= 0; ++value) {
    if (!is_kept(value, keep)) {
      cap_drop_bound(value);
    }
  }
}

// A regular file without further hard links.
bool is_private(const struct stat& file) { return S_ISREG(file.st_mode) && file.st_nlink == 1; }

}  // namespace

base::Result<> check_network_capabilities() {
  std::string missing;
  for (const NamedCapability& needed : kNeeded) {
    if (!has(needed.value, CAP_EFFECTIVE)) {
      missing += missing.empty() ? needed.name : fmt::format(" and {}", needed.name);
    }
  }
  if (!missing.empty()) {
    return base::fail("missing {}: start as root or give the program these capabilities", missing);
  }
  return {};
}

base::Result<> give_directory(const std::string& path, const Account& account) {
  const auto ids = TANDEM_TRY(look_up(account));
  if (!ids.user) {
    return {};
  }
  const gid_t group = ids.group.value_or(static_cast<gid_t>(-1));
  const FileDescriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat before{};
  if (!directory.is_open() || ::fstat(directory.get(), &before) != 0 ||
      ::fchown(directory.get(), *ids.user, group) != 0) {
    if (errno == EROFS) {
      return {};
    }
    return base::fail_errno(errno, fmt::format("cannot give {} to user '{}'", path, account.user));
  }
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    const std::string name = entry.path().filename().string();
    struct stat file{};
    const bool ours = ::fstatat(directory.get(), name.c_str(), &file, AT_SYMLINK_NOFOLLOW) == 0 && is_private(file) &&
                      (file.st_uid == ::geteuid() || file.st_uid == before.st_uid);
    if (ours && ::fchownat(directory.get(), name.c_str(), *ids.user, group, AT_SYMLINK_NOFOLLOW) != 0) {
      return base::fail_errno(errno, fmt::format("cannot give {}/{} to user '{}'", path, name, account.user));
    }
  }
  return {};
}

void share_directory(const std::string& path, const Account& account) {
  const auto ids = look_up(account);
  const auto place = locate(path, Links::trusted);
  if (!ids || !ids->group || !place) {
    return;
  }
  const FileDescriptor directory(
      ::openat(place->directory.get(), place->name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  struct stat status{};
  constexpr mode_t kShared = 0770;
  if (directory.is_open() && ::fstat(directory.get(), &status) == 0 && status.st_uid == 0 && ::geteuid() == 0 &&
      ::fchown(directory.get(), 0, *ids->group) == 0) {
    static_cast<void>(::fchmod(directory.get(), kShared));
  }
}

base::Result<> give_file(const std::string& path, const Account& account) {
  const auto ids = TANDEM_TRY(look_up(account));
  const uid_t user = ids.user.value_or(::geteuid());
  const auto place = locate(path, Links::trusted);
  struct stat status{};
  if (!place || ::fstatat(place->directory.get(), place->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
      !is_private(status) || (status.st_uid != ::geteuid() && user != ::geteuid())) {
    return {};
  }
  const auto file = open_regular(*place, Access::read);
  const gid_t group = ids.group.value_or(static_cast<gid_t>(-1));
  if (!file || ::fstat(file->get(), &status) != 0 || !is_private(status) || ::fchown(file->get(), user, group) != 0) {
    return base::fail_errno(errno, fmt::format("cannot give {} to user '{}'", path, account.user));
  }
  return {};
}

base::Result<> as_account(const Account& account, const std::function<base::Result<>()>& function) {
  const auto ids = TANDEM_TRY(look_up(account));
  if (::geteuid() != 0 || !ids.user || *ids.user == 0) {
    return function();
  }
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(0, ::getgroups(0, nullptr))));
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  const gid_t group = ::getegid();
  const gid_t wanted = ids.group.value_or(group);
  const bool became =
      ::initgroups(account.user.c_str(), wanted) == 0 && ::setegid(wanted) == 0 && ::seteuid(*ids.user) == 0;
  const int reason = errno;
  const base::Result<> result =
      became ? function() : base::fail_errno(reason, fmt::format("cannot act as user '{}'", account.user));
  const bool back = ::seteuid(0) == 0 && ::setegid(group) == 0 &&
                    ::setgroups(static_cast<std::size_t>(std::max(count, 0)), groups.data()) == 0;
  return back ? result : base::fail_errno(errno, "cannot become root again");
}

void set_dumpable(Dumpable dumpable) {
  if (!kSanitized) {  // a sanitizer looks for leaks with ptrace(2)
    ::prctl(PR_SET_DUMPABLE, dumpable == Dumpable::yes ? 1UL : 0UL, 0UL, 0UL, 0UL);
  }
}

bool exists_user(const std::string& name) { return ::getpwnam(name.c_str()) != nullptr; }

bool exists_group(const std::string& name) { return ::getgrnam(name.c_str()) != nullptr; }

bool belongs_to(const std::string& path, const Account& account) {
  const auto ids = look_up(account);
  struct stat file{};
  return ids && ids->user && ::lstat(path.c_str(), &file) == 0 && file.st_uid == *ids->user;
}

base::Result<> check_writable(const std::string& directory, const Account& account) {
  // On a read-only file system the owner cannot change; vrrpd works without.
  if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0 && errno != EROFS) {
    return base::fail_errno(errno, fmt::format("user '{}' cannot write to {}: give it to that user, or name another",
                                               account.user, directory));
  }
  return {};
}

base::Result<> drop_privileges(const Account& account, Keep keep) {
  const auto ids = TANDEM_TRY(look_up(account));
  const bool with_priority = keep == Keep::network_and_priority && has(kPriority, CAP_PERMITTED);
  lower_bounding_set(keep);
  if (auto changed = become(account, ids); !changed) {
    return changed;
  }
  const CapabilitySet wanted(cap_init());
  bool made = wanted != nullptr;
  for (const NamedCapability& needed : kNeeded) {
    made = made && cap_set_flag(wanted.get(), CAP_PERMITTED, 1, &needed.value, CAP_SET) == 0 &&
           cap_set_flag(wanted.get(), CAP_EFFECTIVE, 1, &needed.value, CAP_SET) == 0;
  }
  made = made && (!with_priority || cap_set_flag(wanted.get(), CAP_PERMITTED, 1, &kPriority, CAP_SET) == 0);
  if (!made || cap_set_proc(wanted.get()) != 0) {
    return base::fail_errno(errno, "cannot reduce the privileges to CAP_NET_ADMIN and CAP_NET_RAW");
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0) {
    return base::fail_errno(errno, "cannot set no_new_privs");
  }
  return {};
}

void enable_priority() {
  const CapabilitySet mine(cap_get_proc());
  if (has(kPriority, CAP_PERMITTED) && cap_set_flag(mine.get(), CAP_EFFECTIVE, 1, &kPriority, CAP_SET) == 0) {
    cap_set_proc(mine.get());
  }
}

void pass_capabilities_on() {
  const CapabilitySet mine(cap_get_proc());
  for (const cap_value_t value : {cap_value_t{CAP_NET_ADMIN}, cap_value_t{CAP_NET_RAW}, kPriority}) {
    if (has(value, CAP_PERMITTED)) {
      cap_set_flag(mine.get(), CAP_INHERITABLE, 1, &value, CAP_SET);
      cap_set_proc(mine.get());
      cap_set_ambient(value, CAP_SET);
    }
  }
}

}  // namespace tandem::os

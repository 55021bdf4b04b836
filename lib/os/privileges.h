// SPDX-License-Identifier: Apache-2.0
// Privileges of a daemon that manages network interfaces: CAP_NET_ADMIN and CAP_NET_RAW, and after the start no others.
#pragma once

#include <functional>
#include <string>

#include "lib/base/result.h"

namespace tandem::os {

// Fails naming the capabilities that are not in effect.
base::Result<> check_network_capabilities();

struct Account {
  std::string user;   // name; empty: keep the current user
  std::string group;  // name; empty: the user's primary group, or the current group without a user
};

// Changes the owner of a directory to the account, and of the regular files in it that the current user or the
// directory's owner created, except those with further hard links. Files of other users stay theirs. Does nothing
// without a user.
base::Result<> give_directory(const std::string& path, const Account& account);

// Makes a directory owned by root writable for the account's group and unreadable for other users. Only for directories
// that belong to root.
void share_directory(const std::string& path, const Account& account);

// Changes the owner of one file. Without a user in the account the current user becomes the owner, because root without
// capabilities cannot open other users' files. Does nothing if the file is missing or not a regular one.
base::Result<> give_file(const std::string& path, const Account& account);

// Calls the function with the account's user and group, then becomes root again. For paths in directories where that
// user can create links. Without a user, or if the process is not root, it only calls the function. Call before threads
// exist.
base::Result<> as_account(const Account& account, const std::function<base::Result<>()>& function);

// `no` keeps other processes of this user from reading or changing this one (ptrace(2), /proc/PID/mem), so that a
// compromised worker cannot take over its supervisor. Children inherit it; execve() and a change of user may undo it.
enum class Dumpable { no, yes };
void set_dumpable(Dumpable dumpable);

bool exists_user(const std::string& name);
bool exists_group(const std::string& name);

bool belongs_to(const std::string& path, const Account& account);

// Fails unless this process, which already runs as the account, can create files in the directory.
base::Result<> check_writable(const std::string& directory, const Account& account);

enum class Keep {
  network,               // CAP_NET_ADMIN and CAP_NET_RAW
  network_and_priority,  // and CAP_SYS_NICE if the process has it: permitted, for a child that calls enable_priority()
};

// Becomes the account for good, drops all capabilities but those to keep, and sets no_new_privs. Create the PID file and
// the directories and set the socket's group before.
base::Result<> drop_privileges(const Account& account, Keep keep);

void enable_priority();

// Raises ambient capabilities (capabilities(7)): programs that this process executes keep the capabilities under any
// user.
void pass_capabilities_on();

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// What a daemon that owns network devices may do: CAP_NET_ADMIN and CAP_NET_RAW, and after start nothing else.
#pragma once

#include <functional>
#include <string>

#include "lib/base/result.h"

namespace tandem::os {

// Fails naming the capabilities that are not in effect.
base::Result<> check_network_capabilities();

struct Account {
  std::string user;   // name; empty: stay who we are
  std::string group;  // name; empty: the user's primary group, or the present one without a user
};

// Gives the account a directory and the regular files in it that the present user or the directory's owner made, as far
// as no other directory has them too (hard links). Nothing to do without a user. For directories of our own: what
// others put there stays theirs.
base::Result<> give_directory(const std::string& path, const Account& account);

// Lets the account's group write in a directory that stays root's, and no other user read it. Only one of root's own.
void share_directory(const std::string& path, const Account& account);

// The same for one file. Without a user it becomes the present one's, whosever it is: root without its privileges is
// any user. Nothing is done with what is missing or no regular file.
base::Result<> give_file(const std::string& path, const Account& account);

// Calls the function as the account: what it opens and makes it may open and make as that user, and no more. For what
// lies where that user can put links. Root is itself again afterwards. Without a user, or if we are not root: just
// calls it. Before there are threads.
base::Result<> as_account(const Account& account, const std::function<base::Result<>()>& function);

// Keeps other processes of this user from looking into this one, and from changing it (ptrace(2), /proc/PID/mem):
// a worker that was taken over must not come into its supervisor. Children inherit it; a program that is executed, and
// a change of user, may undo it.
enum class Dumpable { no, yes };
void set_dumpable(Dumpable dumpable);

bool exists_user(const std::string& name);
bool exists_group(const std::string& name);

bool belongs_to(const std::string& path, const Account& account);

// Fails unless the account, which we are by now, can make files there.
base::Result<> check_writable(const std::string& directory, const Account& account);

enum class Keep {
  network,               // exactly the two capabilities
  network_and_priority,  // and CAP_SYS_NICE, if we have it: not in effect, for a child that calls enable_priority()
};

// Becomes the account, unless it is that already, keeps so many capabilities and forbids gaining others (no_new_privs).
// For good. Do first what needs more: PID file, directories, the socket's group.
base::Result<> drop_privileges(const Account& account, Keep keep);

void enable_priority();

// Lets a program that is executed from now on have the capabilities too (ambient, capabilities(7)), under any user.
void pass_capabilities_on();

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// What a daemon that was killed has left behind: a process of its own that still holds its lock, because it cleans up
// after it, or hangs.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <set>

namespace tandem::os {

// Whether there is no such process any more, or only what its parent has not asked for yet (a zombie).
bool has_ended(pid_t pid);

using Users = std::set<uid_t>;

// Whether the process is one of these users', whose program it executes, and with whose rights: a program that is
// set-user-ID, or one that hides from other users (PR_SET_DUMPABLE), is still that of the user who started it.
bool is_of(pid_t pid, const Users& users);

// Kills the processes that hold the lock (flock(2)) of the open file and have the name of this program, up to its first
// hyphen, at the beginning of theirs: those that are stopped at once, others when `waited` has reached their time.
// `users`: only theirs; nullptr: whosever. Returns whether there was one. Needs to see their descriptors: what another
// user's process does, or one that is not dumpable, only root knows.
bool end_orphans(int lock, std::chrono::microseconds waited, const Users* users);

}  // namespace tandem::os

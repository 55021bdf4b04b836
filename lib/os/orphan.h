// SPDX-License-Identifier: Apache-2.0
// Processes that a killed daemon has left: one still holds the daemon's lock, because it cleans up or hangs.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <set>

namespace tandem::os {

// Whether the process does not exist any more, or is a zombie.
bool has_ended(pid_t pid);

using Users = std::set<uid_t>;

// Whether one of these users started the process. Its real user counts: a set-user-ID program, or one that is not
// dumpable (PR_SET_DUMPABLE), still belongs to the user who started it.
bool is_of(pid_t pid, const Users& users);

// Kills the processes that hold the lock (flock(2)) of the open file and whose name begins as this program's does (up to
// its first hyphen): stopped ones at once, others when `waited` exceeds their time limit. `users`: only processes of
// these users; nullptr: of all. Returns whether there was one. Only root sees the descriptors of another user's process,
// or of one that is not dumpable.
bool end_orphans(int lock, std::chrono::microseconds waited, const Users* users);

}  // namespace tandem::os

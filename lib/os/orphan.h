// SPDX-License-Identifier: Apache-2.0
// What a daemon that was killed has left behind: a process of its own that still holds its lock, because it cleans up
// after it, or hangs.
#pragma once

#include <sys/types.h>

#include <chrono>

namespace tandem::os {

// Whether there is no such process any more, or only what its parent has not asked for yet (a zombie).
bool has_ended(pid_t pid);

// Kills the processes that hold the lock (flock(2)) of the open file and have the name of this program at the beginning
// of theirs: those that are stopped at once, others when `waited` has reached their time. Needs to see their
// descriptors: what another user's process does, or one that is not dumpable, only root knows.
void end_orphans(int lock, std::chrono::microseconds waited);

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// The limits of this folder, with their reasons.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::supervisor {

using std::chrono::milliseconds;

// Bytes of a configuration in the shared memory: as many as a file may have.
inline constexpr std::size_t kMaxConfiguration = 16U << 20U;
// Numbers in the shared memory that a daemon's fence may use as it likes.
inline constexpr std::size_t kFenceWords = 64;

// ---- signs of life

// How far a sign of life may be ahead of the supervisor's clock, which it has read a moment before.
inline constexpr milliseconds kSameMoment{20};

// The shortest silence that counts: Linux may well let a process wait for tens of milliseconds on a busy machine.
inline constexpr milliseconds kMinPatience{200};
// The longest, whatever the intervals of the virtual routers: the next router may wait for so long.
inline constexpr milliseconds kLongestPatience{2000};
// A worker that begins has nothing to do but to read what is in the kernel.
inline constexpr milliseconds kStartPatience{3000};
// One that ends has thousands of macvlans to remove, which the kernel does in a second or two.
inline constexpr milliseconds kStopPatience{30'000};
// One that ends without having been told to by the supervisor (`killall`): it may be its own idea, and no host on the
// LAN is to wait for long.
inline constexpr milliseconds kOwnStopPatience{10'000};
// One that makes room for the next has log lines to write; more than that would be missed.
inline constexpr milliseconds kLeavePatience{150};
// Management may be busy for seconds with one command (a file of 16 MiB), and no virtual router waits for it; but who
// has typed it does, and so does the end of a commit's probation.
inline constexpr milliseconds kManagementPatience{30'000};
// Signs of life of its thread within that time: many.
inline constexpr milliseconds kManagementBeat{1000};
// If it waits in the kernel, where no signal ends it, so must we; it is looked at again after that time.
inline constexpr milliseconds kManagementLook{5000};
// A worker that waits for the kernel is not dead: others may hold the lock for changes of interfaces (RTNL) for long,
// for instance who deletes a thousand of them. Neither killing it nor fencing would be done before it has the lock.
inline constexpr milliseconds kKernelPatience{10'000};
// Between two such waits it runs, if it gets a processor: a kernel that is not preemptible keeps one for some 15 ms to
// delete a bunch of interfaces. So one that seems to run is looked at several times before it is held for dead.
inline constexpr milliseconds kDoubt{30};
inline constexpr milliseconds kLook{2};
// If the supervisor itself comes too late by this much, the machine was asleep, and so was the worker.
inline constexpr milliseconds kLateness{100};
// How long the end of a killed worker is awaited before its macvlans are deleted; the kernel needs a millisecond.
inline constexpr milliseconds kKillWait{50};

// ---- crashes

// A worker that ends that often within that time will not be cured by starting it again.
inline constexpr std::size_t kCrashes = 5;
inline constexpr milliseconds kCrashTime{60'000};
// Then it is given time, doubled at each further crash.
inline constexpr milliseconds kFirstPause{1000};
inline constexpr milliseconds kLongestPause{60'000};

}  // namespace tandem::supervisor

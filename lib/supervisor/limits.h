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

// ---- heartbeats

// How far a heartbeat may be ahead of the supervisor's clock, which was read a moment before.
inline constexpr milliseconds kSameMoment{20};

// The shortest silence that counts: Linux may well let a process wait for tens of milliseconds on a busy machine.
inline constexpr milliseconds kMinTimeout{200};
// The longest, whatever the worker asks for: another machine may wait as long to take over.
inline constexpr milliseconds kMaxTimeout{2000};
// Of a worker that starts: it only has to read what is in the kernel.
inline constexpr milliseconds kStartTimeout{3000};
// Of one that was told to stop: it may have thousands of macvlans to remove, which takes the kernel a second or two.
inline constexpr milliseconds kStopTimeout{30'000};
// Of one that stops and was not told to by the supervisor (`killall`): it may be a fault, and no host on the LAN is to
// wait for long.
inline constexpr milliseconds kOwnStopTimeout{10'000};
// Of one that exits to be replaced: it only has log lines to write. A longer pause would be noticed.
inline constexpr milliseconds kExitTimeout{150};
// Of management's thread. It may be busy for seconds with one command (a file of 16 MiB); only its user waits for it,
// and the end of a commit's probation.
inline constexpr milliseconds kManagementTimeout{30'000};
// The interval of its heartbeats.
inline constexpr milliseconds kManagementHeartbeat{1000};
// When it is examined again if it waits in the kernel, where no signal ends it.
inline constexpr milliseconds kManagementRecheck{5000};
// How long a worker may wait in the kernel. Other programs may hold the lock for changes of interfaces (RTNL) for long,
// for instance to delete a thousand of them. Killing and fencing would have to wait for that lock, too.
inline constexpr milliseconds kKernelTimeout{10'000};
// Between two such waits the worker runs, if it gets a processor: a kernel that is not preemptible keeps one for some
// 15 ms to delete a bunch of interfaces. So a worker that seems to run is examined for this time, in these steps.
inline constexpr milliseconds kExamineTime{30};
inline constexpr milliseconds kExamineStep{2};
// If the supervisor itself wakes up too late by this much, the machine slept, and so did the worker.
inline constexpr milliseconds kOversleep{100};
// How long the exit of a killed worker is awaited before the fence resigns; the kernel needs a millisecond.
inline constexpr milliseconds kKillWait{50};

// ---- crashes

// So many crashes within that time: starting the worker again at once does not help.
inline constexpr std::size_t kCrashes = 5;
inline constexpr milliseconds kCrashTime{60'000};
// Then the next one starts after a pause, which doubles at each further crash.
inline constexpr milliseconds kFirstPause{1000};
inline constexpr milliseconds kLongestPause{60'000};

}  // namespace tandem::supervisor

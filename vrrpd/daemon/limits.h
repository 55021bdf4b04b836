// SPDX-License-Identifier: Apache-2.0
// How much the protocol's thread does for the management side in one turn of its loop (adverts wait no longer than
// that), and what is kept for operators.
#pragma once

#include <chrono>
#include <cstddef>

namespace tandem::vrrpd::daemon {

// How long it looks at virtual routers for `show` and the like, and the one that was begun: 2 to 5 microseconds each.
inline constexpr std::chrono::microseconds kTurn{100};

// Changes of virtual routers carried out: 5 to 10 microseconds each, without what the kernel has to do for them, which
// may follow in the same turn (vrrpd/io/limits.h).
inline constexpr std::size_t kChangesPerTurn = 8;

// How long changes of interfaces are collected before the packet filter follows them: each time costs 20 ms.
inline constexpr std::chrono::milliseconds kFilterDelay{10};
// When to try again what the kernel has refused: it may have been another process with tables of that name, which ends;
// or a kernel that will never do it: each time the wait is twice as long.
inline constexpr std::chrono::milliseconds kFilterRetry{500};
inline constexpr std::chrono::seconds kLongestFilterRetry{60};

// Transitions of one virtual router that are logged one by one within the interval: more than any change of mastership
// makes, and what a log can take.
inline constexpr int kTransitionLines = 10;
inline constexpr std::chrono::seconds kTransitionInterval{10};

// Addresses of one virtual router that follow from a macvlan: as many as the model lets an operator configure, the
// link-local one included.
inline constexpr std::size_t kMostIpv4Addresses = 255;
inline constexpr std::size_t kMostIpv6Addresses = 90;

// Errors of a file that are logged when it is to be read again. A file of another kind has a thousand.
inline constexpr std::size_t kMaxReloadErrors = 20;

// Bytes of a file that is the message of the day: some screens full.
inline constexpr std::size_t kMotdLimit = 8192;

// Adverts that lose, in a row and no longer apart than so many intervals of their sender, after which a Master says
// that it is not heard. One or two are what an ordinary change of mastership has.
inline constexpr int kDeafAdverts = 3;
inline constexpr int kDeafPause = 3;

// Lines of the log kept for `show logging`: what happened lately, in 20 to 30 kB.
inline constexpr std::size_t kLogLinesKept = 200;

// How long the protocol's thread may compute without waiting. Its longest turn takes a few milliseconds; one that takes
// so long is an endless loop, with real-time priority.
inline constexpr std::chrono::seconds kLongestTurn{2};
// How long the supervisor waits for a sign of life, whatever the intervals: nobody waits longer for a hung process to
// be replaced.
inline constexpr std::chrono::seconds kLongestPatience{2};
// Signs of life within that time: one may come late.
inline constexpr int kBeatsPerPatience = 4;
// All virtual routers are looked at for it that often.
inline constexpr std::chrono::seconds kPatienceHolds{1};

}  // namespace tandem::vrrpd::daemon

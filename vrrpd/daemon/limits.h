// SPDX-License-Identifier: Apache-2.0
// How much the protocol's thread does for the management side in one turn of its loop (adverts wait no longer than
// that), and what is kept for operators.
#pragma once

#include <chrono>
#include <cstddef>

#include "lib/ipc/limits.h"
#include "lib/log/trouble_limit.h"
#include "vrrpd/io/limits.h"

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

// How long a virtual router stands still before the log says why: duplicate address detection takes a second or two,
// the macvlans of a thousand groups one. And how long after a line about it there is no other.
inline constexpr std::chrono::milliseconds kStandstillDelay{2500};
inline constexpr std::chrono::seconds kStandstillInterval{10};

// Addresses of one virtual router that follow from a macvlan: as many as the model lets an operator configure, the
// link-local one included.
inline constexpr std::size_t kMostIpv4Addresses = 255;
inline constexpr std::size_t kMostIpv6Addresses = 90;

// Adverts that lose, in a row and no longer apart than so many intervals of their sender, after which a Master says
// that it is not heard. One or two are what an ordinary change of mastership has.
inline constexpr int kOneWayLossAdverts = 3;
inline constexpr int kOneWayLossPause = 3;

// Lines about what is wrong with the packets of neighbours, for all senders together, forged ones included: what
// a user can read. A trouble that goes on unchanged is repeated once an hour; one that was away for three minutes
// (more than three of the longest intervals) is news.
inline constexpr log::TroubleLimit::Limits kTroubleLimits{.window = std::chrono::seconds(10),
                                                          .lines_of_subject = 4,
                                                          .lines = 40,
                                                          .repeat = std::chrono::hours(1),
                                                          .forget = std::chrono::minutes(3)};
// What a line that sums up the rest names.
inline constexpr std::size_t kTroublesNamed = 3;

// How often management looks for progress while the kernel makes interfaces for it, and after how many looks without
// any it gives up: others may hold the kernel's lock for seconds, and a shell waits.
inline constexpr std::chrono::seconds kSettleLook{1};
inline constexpr int kSettleLooks = 30;

// Open files. A daemon with a few virtual routers has 60, and leaves room for shells and for files that are read and
// written. Two sockets receive for each interface and family: the most is twice what all virtual routers there may be
// could want.
inline constexpr std::size_t kDescriptorsOfFewRouters = 60;
inline constexpr std::size_t kDescriptorsOfFiles = 50;
inline constexpr std::size_t kFewestDescriptors = 256;
static_assert(io::kDescriptorsKept >= ipc::Limits{}.sessions + kDescriptorsOfFiles);
static_assert(kFewestDescriptors >= kDescriptorsOfFewRouters + io::kDescriptorsKept);
inline constexpr std::size_t kMostDescriptors = 65'536;

// Heartbeats in a heartbeat timeout: one may come late.
inline constexpr int kHeartbeatsPerTimeout = 4;
// The heartbeat timeout is recomputed from all virtual routers at this interval.
inline constexpr std::chrono::seconds kHeartbeatTimeoutRecomputed{1};

// How long a transaction waits while the kernel gets on with nothing that virtual routers want of it: others may hold
// its lock for seconds. And how long at all.
inline constexpr std::chrono::seconds kSettlingTimeout{10};
inline constexpr std::chrono::seconds kLongestSettling{60};

// How long a Master may be without any of its addresses: what the kernel refuses for lack of memory it may do in the
// next moment. Then how long it stays out of the election, the first time and at most.
inline constexpr std::chrono::seconds kUnservedGrace{1};
inline constexpr std::chrono::seconds kFirstUnservedPause{30};
inline constexpr std::chrono::seconds kLongestUnservedPause{300};

// How often the protocol's thread wakes up for timers: so many times at once, then once in the interval. An advert is
// late by that at most: a hundredth of an interval of 100 ms, and less than what the kernel's scheduler costs on a
// machine with so many virtual routers.
inline constexpr int kWakeupBurst = 8;
inline constexpr std::chrono::milliseconds kWakeupInterval{1};

// How often it is tried again to open a socket for adverts.
inline constexpr std::chrono::seconds kListenPause{1};

}  // namespace tandem::vrrpd::daemon

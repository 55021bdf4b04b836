// SPDX-License-Identifier: Apache-2.0
// The limits of this folder, with their reasons.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace tandem::vrrpd::io {

// How long changes of the kernel's state may hold up one turn of the loop before timers and packets are served again.
// The last step may overrun it by its own length: together that is 0.5 ms.
inline constexpr std::chrono::microseconds kSlice{150};

// What a step may cost, as estimated: it takes up virtual routers until it has operations for that long.
inline constexpr std::chrono::microseconds kStep{150};

// How long the loop waits for a step to be carried out, which takes the kernel kStep. If it takes longer, another
// program holds the kernel's lock (RTNL), for an unknown time: adverts do not wait for that.
inline constexpr std::chrono::microseconds kExecutionTimeout{300};

// How long a release waits for the transaction of nf_tables that belongs to it, some 100 µs unless another
// program is loading rules; and at the end of the daemon, when nothing else is left to be done.
inline constexpr std::chrono::milliseconds kRemovalTimeout{2};
inline constexpr std::chrono::milliseconds kRewritingEnd{500};

// What a build step may cost. No advert waits for it. To hand it over and to receive its results costs some 30 µs. A
// kernel that is not preemptible gives the processor back after each step.
inline constexpr std::chrono::microseconds kBuildStep{600};

// Items taken from the work queue in a step, also if nothing has to be done for them: to compare one takes some 2 µs.
inline constexpr std::size_t kItemsPerStep = 16;

// A virtual router may have 255 addresses: what exceeds this is left to the next step.
inline constexpr std::size_t kMaxOperationsPerStep = 8;

// Build steps that the kernel worker has at the same time: enough that it always has something to do, few enough that it
// has soon done what is no longer wanted.
inline constexpr std::size_t kBuildSteps = 8;

// While macvlans are built, notifications are read at this interval.
inline constexpr std::chrono::milliseconds kNotificationInterval{1};

// Leases are renewed when a third of them is over, those of one part of the virtual routers after the other, so that
// thousands of them are no burst.
inline constexpr unsigned kRenewalParts = 16;

// When to try again what the kernel has refused, for instance because it had no memory: it will not say when it would
// do it, and a Backup that could not let go of its addresses is a second gateway. The first wait is doubled each time
// until something else is refused; the longest keeps thousands that are refused for good from being work.
inline constexpr std::chrono::milliseconds kFirstRetry{20};
inline constexpr std::chrono::milliseconds kLongestRetry{500};

// Macvlans deleted while the kernel's lock is held once: one takes 16 ms, each more 0.1 ms. A router that takes over
// meanwhile waits for one bunch.
inline constexpr std::size_t kDeletedTogether = 32;

// Macvlans that no router wants are deleted when there has been nothing else to do for this long, but for leases: a
// transaction comes in pieces, an operator's next line soon, and each would wait for the kernel's lock, and with it a
// router that takes over.
inline constexpr std::chrono::seconds kDeletionDelay{1};

// How often it is read what the kernel really has, as a dump of all links (some 10 µs for each): a Master that
// something has made deaf is dark for about that long. On machines with thousands of interfaces it takes the given
// share of a processor at most.
inline constexpr std::chrono::seconds kInspectionPause{1};
inline constexpr int kInspectionShare = 50;

// The same after something was set up or may have been disturbed: what one transaction does comes in many steps.
inline constexpr std::chrono::milliseconds kInspectSoon{100};
inline constexpr int kInspectionShareSoon = 10;

// When another instance counts as ended: its worker may be replaced just now, and the next one has up to 3 s before
// it is held for dead (supervisor::kStartTimeout). No virtual router is dark for it: what an instance that has
// ended left is leased.
inline constexpr int kAbsentInspections = 4;
inline constexpr std::chrono::seconds kAbsentFor{5};

// The kernel ends IPv6 on an interface with a smaller MTU, and makes it anew, with the settings of `default`, when the
// MTU has grown again (RFC 8200 §5).
inline constexpr std::uint32_t kIpv6MinimumMtu = 1280;

// A macvlan whose virtual router is Master no more is set down after this long: by then an election that goes to and
// fro has mostly ended, and addresses that come back soon find it up.
inline constexpr std::chrono::seconds kLoweringDelay{1};

// And the next one after this long: the kernel holds its lock for 16 ms, on a busy machine for 40, and a router that
// takes over in between is not to wait for it more often than one time in four.
inline constexpr std::chrono::milliseconds kLoweringPause{100};

// How long an answer to a question of our own is awaited (inquiry.h): a host of a LAN, and the kernel, need less than a
// millisecond; a busy machine gets to it later.
inline constexpr std::chrono::milliseconds kAnswerTimeout{150};

// Answers read before the time is looked at again: others on the LAN send them, too.
inline constexpr std::size_t kAnswersPerTurn = 64;

// Addresses of a network tried as the sender of such a question, from the upper end.
inline constexpr std::uint32_t kSendersTried = 32;

// ---- receiving (guard.h, decision 0025). A second counts on its own: then a flooded socket is opened again.

inline constexpr std::chrono::seconds kGuardWindow{1};

// Packets in a window that cannot concern a virtual router here, before the kernel is told to drop them: those of a
// large LAN's other virtual routers, or what an operator has to see of a misconfigured neighbour. They cost 2 ms.
inline constexpr std::size_t kRefusedPerWindow = 1000;

// What all packets of a socket may cost in a window, before a filter lets those that change no state through in samples
// only. The adverts of 255 virtual routers at intervals of 100 ms cost a tenth of it. After half as much again only
// samples of all strangers pass, after twice as much there are pauses.
inline constexpr std::chrono::milliseconds kReceivingPerWindow{100};

// The same in a window that follows one with a flood: while all is read the queue may be full, and an advert that
// counts may find no place in it.
inline constexpr std::chrono::milliseconds kReceivingOnceFlooded{25};

// A pause is that much longer than what was done before it: a third of a processor at most is spent on receiving.
inline constexpr int kPauseFactor = 2;

// What one turn may read, so that adverts of ours are that late at most: all sockets that are flooded share it.
inline constexpr std::chrono::microseconds kReceivingPerTurn{4000};

// How long one router solicitation of an interface speaks for those that follow it: as long as an answer may take (RFC
// 4861 §6.2.6, MAX_RA_DELAY_TIME).
inline constexpr std::chrono::milliseconds kSolicitationPause{500};

// Descriptors that the sockets of thousands of interfaces leave to others: sessions of shells (lib/ipc/limits.h), files
// that are read and written, netlink. Without one of those it could not be said what to give up. vrrpd/daemon/limits.h
// compares the numbers.
inline constexpr std::size_t kDescriptorsKept = 180;

}  // namespace tandem::vrrpd::io

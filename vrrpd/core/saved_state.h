// SPDX-License-Identifier: Apache-2.0
// The state of a virtual router besides its configuration and the status of its interface. With these three values
// another engine continues exactly where this one is: in a recording that begins in the middle, and in the next worker
// after a restart. Statistics are not part of it: no decision depends on them.
#pragma once

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

// The Master_Down_Timer and what decides about it. The deadline is computed from it, so that a change of priority or
// interval counts from the moment when the timer was last set.
struct BackupTimer {
  TimePoint set_at{};
  bool released = false;                       // set to Skew_Time by priority 0, not to Master_Down_Interval
  std::optional<Duration> learned_interval{};  // v3: Master_Adver_Interval; none until a Master is heard
  std::optional<TimePoint> hold_since{};       // start of the preempt delay, while it runs
  std::optional<MasterInfo> not_followed{};    // sent lower priority (discarded) or priority 0 since `set_at`
};

struct MasterTimer {
  TimePoint next_advertisement{};
  TimePoint immediate_since{};  // start of the period for which kMaxImmediateAdvertisements holds
  int immediate_sent = 0;
  std::optional<TimePoint> announce_again{};  // after another Master was heard
  TimePoint quiet_until{};                    // no such announcement before
};

// The startup delay while it runs (startup_delay.cpp).
struct StartupHold {
  bool holds = false;  // the router is Backup and the delay has not ended
  bool heard = false;  // an advert has been accepted since the link came up: the port forwards
};

// v3 over IPv4: a router that is not followed and has the other form of the checksum.
struct OtherForm {
  IpAddress address;
  TimePoint heard{};
};

// With also_version_2: who speaks version 3, and until when that counts.
struct Version3Peer {
  IpAddress address;
  TimePoint until{};
  int alone = 0;  // adverts of version 3 since one of version 2
};

struct SavedState {
  State state = State::initialize;
  bool stopping = false;
  std::optional<IpAddress> source{};  // the last known primary address; set in Backup and Master
  BackupTimer backup{};
  MasterTimer master_timer{};
  std::optional<MasterInfo> master{};                // whom a Backup follows
  std::optional<packet::ChecksumForm> heard_form{};  // v3 over IPv4: of the last advert that counts for it
  std::optional<OtherForm> other_form{};
  std::optional<Version3Peer> version_3_peer{};  // with also_version_2
  StartupHold startup{};
};

}  // namespace tandem::vrrpd::core

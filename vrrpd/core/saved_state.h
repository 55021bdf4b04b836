// SPDX-License-Identifier: Apache-2.0
// The state of a virtual router besides its configuration and the status of its interface. With these three values
// another engine continues exactly where this one is: in a recording that begins in the middle, and in the next worker
// after a restart. Statistics are not included: no decision depends on them.
#pragma once

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

// The Master_Down_Timer and the values that determine it. The deadline is computed from them, so that a change of
// priority or interval counts from the moment when the timer was last set.
struct BackupTimer {
  TimePoint set_at{};
  bool released = false;                       // set to Skew_Time by priority 0, not to Master_Down_Interval
  std::optional<Duration> learned_interval{};  // v3: Master_Adver_Interval; none until a Master is heard
  std::optional<TimePoint> hold_since{};       // start of the preempt delay, while it runs
  std::optional<MasterInfo> not_followed{};    // sent lower priority (discarded) or priority 0 since `set_at`

  bool operator==(const BackupTimer&) const = default;
};
constexpr auto describe(base::Type<BackupTimer>) {
  using S = BackupTimer;
  return base::fields<S>(base::field(7, "set", &S::set_at), base::field(8, "released", &S::released),
                         base::field(9, "learned", &S::learned_interval), base::field(10, "hold", &S::hold_since),
                         base::field(11, "passed", &S::not_followed));
}

struct MasterTimer {
  TimePoint next_advertisement{};
  TimePoint immediate_since{};  // start of the period that kMaxImmediateAdvertisements limits
  int immediate_sent = 0;
  std::optional<TimePoint> announce_again{};  // after another Master was heard
  TimePoint quiet_until{};                    // no such announcement before

  bool operator==(const MasterTimer&) const = default;
};
constexpr auto describe(base::Type<MasterTimer>) {
  using S = MasterTimer;
  return base::fields<S>(base::field(12, "next", &S::next_advertisement), base::field(13, "since", &S::immediate_since),
                         base::field(14, "sent", &S::immediate_sent),
                         base::field(21, "again", &S::announce_again).later(),
                         base::field(22, "quiet", &S::quiet_until).later());
}

// The startup delay while it runs (startup_delay.cpp).
struct StartupHold {
  bool holds = false;  // the router is Backup and the delay has not ended
  bool heard = false;  // an advert has been accepted since the link came up: the port forwards

  bool operator==(const StartupHold&) const = default;
};
constexpr auto describe(base::Type<StartupHold>) {
  using S = StartupHold;
  return base::fields<S>(base::field(23, "held", &S::holds).later(), base::field(24, "port-heard", &S::heard).later());
}

// v3 over IPv4: a router that is not followed and sends the other form of the checksum.
struct OtherForm {
  IpAddress address;
  TimePoint heard{};

  bool operator==(const OtherForm&) const = default;
};
constexpr auto describe(base::Type<OtherForm>) {
  using S = OtherForm;
  return base::fields<S>(base::field(1, "address", &S::address), base::field(2, "heard", &S::heard));
}

// With also_version_2: a router that speaks version 3, and until when that counts.
struct Version3Peer {
  IpAddress address;
  TimePoint until{};
  int alone = 0;  // adverts of version 3 since one of version 2

  bool operator==(const Version3Peer&) const = default;
};
constexpr auto describe(base::Type<Version3Peer>) {
  using S = Version3Peer;
  return base::fields<S>(base::field(1, "address", &S::address), base::field(2, "until", &S::until),
                         base::field(3, "alone", &S::alone));
}

struct SavedState {
  State state = State::initialize;
  bool stopping = false;
  std::optional<IpAddress> source{};  // the last known primary address; set in Backup and Master
  BackupTimer backup{};
  MasterTimer master_timer{};
  std::optional<MasterInfo> master{};                // the Master that a Backup follows
  std::optional<packet::ChecksumForm> heard_form{};  // v3 over IPv4: of the last advert that counts for it
  std::optional<OtherForm> other_form{};
  std::optional<Version3Peer> version_3_peer{};  // with also_version_2
  StartupHold startup{};

  bool operator==(const SavedState&) const = default;
};
// Numbers in the checkpoint, those of the nested structs included; 1 to 3, 18, 19, 25 and 26 belong to
// checkpoint::Record.
constexpr auto describe(base::Type<SavedState>) {
  using S = SavedState;
  return base::fields<S>(base::field(4, "state", &S::state), base::field(5, "stopping", &S::stopping),
                         base::field(6, "source", &S::source), base::part(&S::backup), base::part(&S::master_timer),
                         base::field(15, "master", &S::master), base::field(16, "form", &S::heard_form),
                         base::field(20, "other-form", &S::other_form).later(),
                         base::field(17, "version3", &S::version_3_peer), base::part(&S::startup));
}

}  // namespace tandem::vrrpd::core

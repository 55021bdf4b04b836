// SPDX-License-Identifier: Apache-2.0
// What holds after every event, for random sequences of events.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;

// Follows the actions of a router and checks that they are consistent.
class Story {
 public:
  void follow(const Subject& subject, const Actions& actions) {
    for (const Action& action : actions) {
      std::visit([&](const auto& what) { on(what); }, action.what);
    }
    const State state = subject.state();
    RC_ASSERT(state == state_);
    RC_ASSERT(claimed_ == (state == State::master));
    RC_ASSERT(subject.has_deadline() == (state != State::initialize));
    RC_ASSERT((subject.router().initialize_reason() != InitializeReason::none) == (state == State::initialize));
    const bool follows_only_as_backup = state == State::backup || !subject.router().master();
    RC_ASSERT(follows_only_as_backup);
    const bool held_only_as_backup = state == State::backup || !subject.router().held_until();
    RC_ASSERT(held_only_as_backup);
  }

 private:
  void on(const SendAdvertisement& send) {
    RC_ASSERT(!send.addresses->empty());
    const bool release = send.advertisement.priority == packet::kPriorityRelease;
    const bool allowed = claimed_ || !release;
    RC_ASSERT(allowed);
    sent_ = true;
  }
  void on(const OwnershipChanged& ownership) {
    const bool advert_first = sent_ || !ownership.claimed;
    RC_ASSERT(advert_first);  // R45
    claimed_ = ownership.claimed;
  }
  void on(const Announce&) { RC_ASSERT(claimed_); }  // R83
  void on(const HeldBack&) { RC_ASSERT(state_ == State::backup); }
  void on(const Transitioned& transitioned) {
    const Transition& t = transitioned.transition;
    RC_ASSERT(t.from == state_);
    RC_ASSERT(t.from != t.to);
    const bool let_go = t.to == State::master || !claimed_;
    RC_ASSERT(let_go);  // R69
    state_ = t.to;
    sent_ = false;
  }
  void on(const Noticed&) {}

  State state_ = State::initialize;
  bool claimed_ = false;
  bool sent_ = false;
};

Peer any_peer(Version version) {
  return {.priority = *rc::gen::element<std::uint8_t>(0, 1, 50, 99, 100, 101, 200, 255),
          .address = *rc::gen::element(kLower, kOwn, kHigher, "10.0.0.11"),
          .interval = base::Centiseconds(*rc::gen::element(1, 10, 100, 100, 100, 4095)),
          .checksum = *rc::gen::element(ChecksumForm::pseudoheader, ChecksumForm::message_only),
          .version = version};
}

void change_config(RouterConfig& config) {
  config.priority = *rc::gen::element<std::uint8_t>(1, 100, 254);
  config.version = *rc::gen::element(Version::v3, Version::v3, Version::v2);
  config.advertisement_interval = *rc::gen::element<Duration>(10ms, 1s, 40s);
  config.preempt = *rc::gen::arbitrary<bool>();
  config.preempt_delay = *rc::gen::element<Duration>(0s, 2s, 100s);
  config.shutdown = *rc::gen::inRange(0, 8) == 0;
  config.startup_delay = *rc::gen::element<Duration>(0s, 0s, 5s, 60s);
  config.addresses = *rc::gen::element(list({kVirtual}), list({kVirtual, "10.0.0.17"}), list({kOwn}), list({}));
}

void change_status(InterfaceStatus& status, TimePoint now) {
  const TimePoint before = status.counts_from;
  status = good_status();
  status.counts_from = *rc::gen::element(before, now);
  status.up = *rc::gen::inRange(0, 4) != 0;
  status.present = *rc::gen::inRange(0, 4) != 0;
  status.device_ready = *rc::gen::inRange(0, 4) != 0;
  status.primary = *rc::gen::element<std::optional<IpAddress>>(ip(kOwn), ip("10.0.0.11"), std::nullopt);
  if (*rc::gen::inRange(0, 3) == 0) {
    status.addresses.push_back(ip(kVirtual));
  }
}

void anything(Subject& s) {
  switch (*rc::gen::inRange(0, 10)) {
    case 0:
      return change_config(s.config), s.reconfigure();
    case 1:
      return change_status(s.status, s.now), s.update_status();
    case 2:
      return s.handle(PacketRejected{Drop::checksum, ip(kHigher)});
    case 3:
      return s.oversleep(*rc::gen::element<Duration>(0us, 1ms, 1s, 100s));
    case 4:
    case 5:
      return s.wait(*rc::gen::element<Duration>(1us, 500ms, 4s));
    case 6:
      s.config = v3_config();
      s.status = good_status();
      return s.reconfigure(), s.update_status();
    default:
      return s.hear(any_peer(*rc::gen::element(Version::v3, Version::v3, Version::v2)));
  }
}

RC_GTEST_PROP(InvariantsTest, HoldAfterEveryEvent, ()) {
  Subject subject;
  Story story;
  story.follow(subject, subject.take());
  const int events = *rc::gen::inRange(1, 100);
  for (int i = 0; i < events; ++i) {
    anything(subject);
    story.follow(subject, subject.take());
  }
}

// A Backup never sends, and a Master that hears no other router keeps its interval.
RC_GTEST_PROP(InvariantsTest, SilenceMakesAMasterWithinMasterDownInterval, ()) {
  RouterConfig config = v3_config();
  config.priority = *rc::gen::inRange<std::uint8_t>(1, 255);
  Subject subject(config);
  subject.hear({.priority = 255});
  subject.take();
  const Duration down = subject.router().current_master_down_interval();
  subject.wait(down - 1us);
  RC_ASSERT(subject.take().empty());
  subject.wait(1us);
  RC_ASSERT(subject.state() == State::master);
  subject.take();
  subject.wait(10s);
  RC_ASSERT(subject.did() == Texts(10, fmt::format("send {}", config.priority)));
}

}  // namespace
}  // namespace tandem::vrrpd::core

// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;
using base::Centiseconds;

Subject master(RouterConfig config = v3_config()) { return std::move(Subject(std::move(config)).become_master()); }

const SendAdvertisement& first_advert(const Actions& actions) {
  return std::get<SendAdvertisement>(actions.at(0).what);
}

// R7, R9, R11.
TEST(MasterTest, AdvertisesWhatIsConfigured) {
  RouterConfig config = v3_config();
  config.advertisement_interval = 2500ms;
  config.addresses = list({kVirtual, "10.0.0.17"});
  Subject s = master(config);
  s.wait(2500ms);
  const Actions actions = s.take();
  const SendAdvertisement& sent = first_advert(actions);
  EXPECT_EQ(sent.advertisement.version, Version::v3);
  EXPECT_EQ(sent.advertisement.vrid, Vrid(5));
  EXPECT_EQ(sent.advertisement.priority, 100);
  EXPECT_EQ(sent.advertisement.interval, Centiseconds(250));
  EXPECT_EQ(sent.source, ip(kOwn));
  EXPECT_EQ(*sent.addresses, *config.addresses);
}

// R61: a late wake-up does not shift those that follow.
TEST(MasterTest, AdvertsKeepToASchedule) {
  Subject s = master();
  s.oversleep(1300ms);
  EXPECT_EQ(s.did(), Texts{"send 100"});
  EXPECT_EQ(s.left(), 700ms);
  s.wait(700ms);
  EXPECT_EQ(s.left(), 1s);
}

TEST(MasterTest, DoesNotCatchUpAfterALongSleep) {
  Subject s = master();
  s.oversleep(60s);
  EXPECT_EQ(s.did(), Texts{"send 100"});
  EXPECT_EQ(s.left(), 1s);
}

TEST(MasterTest, SpuriousWakeUpsAreHarmless) {
  Subject s = master();
  for (int i = 0; i < 9; ++i) {
    s.oversleep(100ms);
  }
  EXPECT_EQ(s.did(), Texts{});
  EXPECT_EQ(s.left(), 100ms);
}

// R62: re-armed.
TEST(MasterTest, AnswersPriority0AtOnceAndStartsItsTimerAnew) {
  Subject s = master();
  s.wait(700ms);
  s.hear({.priority = 0});
  EXPECT_EQ(s.did(), Texts{"send 100"});
  s.wait(kReannounceDelay);
  EXPECT_EQ(s.did(), Texts{"announce 10.0.0.16"});
  EXPECT_EQ(s.left(), 1s - kReannounceDelay);
}

// Two Backups have taken over in the same instant: the loser may have announced the addresses after us.
TEST(MasterTest, AnnouncesAgainWhenItHasHeardAnotherMaster) {
  Subject s = master();
  s.hear({.priority = 50});
  s.did();
  s.wait(kReannounceDelay - 1us);
  EXPECT_EQ(s.did(), Texts{});
  s.hear({.priority = 100, .address = kLower});
  s.wait(1us);
  EXPECT_EQ(s.did(), (Texts{"equal priority", "send 100", "announce 10.0.0.16"}));
  EXPECT_EQ(s.left(), 1s - kReannounceDelay) << "the schedule of the adverts is as it was";
}

TEST(MasterTest, AnnouncesAgainNotMoreOftenThanOnceInAWhile) {
  Subject s = master();
  int announced = 0;
  for (int i = 0; i < 20'000; ++i) {
    s.hear({.priority = 50});
    s.wait(1ms);
    const Texts did = s.did();
    announced += static_cast<int>(std::count(did.begin(), did.end(), "announce 10.0.0.16"));
  }
  EXPECT_EQ(announced, 4) << "at 0, 5, 10 and 15 s";
}

TEST(MasterTest, WhoHasYieldedAnnouncesNothing) {
  Subject s = master();
  s.hear({.priority = 50});
  s.hear({.priority = 200});
  s.did();
  s.wait(1s);
  EXPECT_EQ(s.did(), Texts{});
}

TEST(MasterTest, AnswersAreLimitedPerInterval) {
  Subject s = master();
  for (int i = 0; i < 1000; ++i) {
    s.hear({.priority = 50});
    s.hear({.priority = 0});
  }
  EXPECT_EQ(s.did(), Texts(kMaxImmediateAdvertisements, "send 100"));
  s.wait(kReannounceDelay);
  EXPECT_EQ(s.did(), Texts{"announce 10.0.0.16"});
  s.wait(1s - kReannounceDelay);
  EXPECT_EQ(s.did(), Texts{"send 100"}) << "a flood does not stop the schedule";
  s.hear({.priority = 50});
  EXPECT_EQ(s.did(), Texts{"send 100"}) << "and a new interval has a new budget";
}

// A flood of priority 0 must not put the regular adverts off for ever.
TEST(MasterTest, FloodOfPriority0DoesNotSilenceIt) {
  Subject s = master();
  int sent = 0;
  for (int i = 0; i < 10'000; ++i) {
    s.hear({.priority = 0});
    s.wait(1ms);
    sent += static_cast<int>(s.did().size());
  }
  EXPECT_GE(sent, 10);
  EXPECT_LE(sent, 10 * (kMaxImmediateAdvertisements + 1));
}

// R64, unsigned and in network byte order: compared as signed bytes or in host order, these would come out the other
// way round.
TEST(MasterTest, TieIsDecidedByTheGreaterPrimaryAddress) {
  struct Tie {
    const char* ours;
    const char* peer;
    State state;
  };
  for (const Tie& tie : {Tie{"10.0.0.127", "10.0.0.128", State::backup}, Tie{"10.0.0.128", "10.0.0.127", State::master},
                         Tie{"10.0.1.2", "10.0.2.1", State::backup}, Tie{"10.0.2.1", "10.0.1.2", State::master},
                         Tie{"10.0.0.9", "10.0.0.10", State::backup}}) {
    InterfaceStatus status = good_status();
    status.primary = ip(tie.ours);
    Subject s(v3_config(), status);
    s.become_master();
    s.hear({.priority = 100, .address = tie.peer});
    EXPECT_EQ(s.state(), tie.state) << tie.ours << " against " << tie.peer;
  }
}

TEST(MasterTest, Ipv6TieIsDecidedByTheLinkLocalAddress) {
  RouterConfig config = v3_config();
  config.family = Family::ipv6;
  config.addresses = list({"fe80::5e00:205", "2001:db8::fe"});
  InterfaceStatus status = good_status();
  status.primary = ip("fe80::7fff:0:0:1");
  status.addresses = {*status.primary, ip("2001:db8::1")};
  Subject s(config, status);
  s.become_master();
  s.hear({.priority = 100, .address = "fe80::1", .addresses = config.addresses});
  EXPECT_EQ(s.state(), State::master);
  s.hear({.priority = 100, .address = "fe80::8000:0:0:1", .addresses = config.addresses});
  EXPECT_EQ(s.state(), State::backup);
}

// X10.
TEST(MasterTest, NewPrimaryAddressIsUsedForTheNextTieAndSaidAtOnce) {
  Subject s = master();
  s.wait(300ms);
  s.status.primary = ip("10.0.0.200");
  s.update_status();
  const Actions actions = s.take();
  ASSERT_EQ(to_texts(actions), Texts{"send 100"});
  EXPECT_EQ(first_advert(actions).source, ip("10.0.0.200"));
  s.hear({.priority = 100});
  EXPECT_EQ(s.state(), State::master);
}

// X9, R36: or two of them would answer each other for ever.
TEST(MasterTest, AdvertFromItsOwnAddressIsDropped) {
  Subject s = master();
  s.hear({.priority = 255, .address = kOwn});
  EXPECT_EQ(s.did(), Texts{"dropped ownSource"});
  EXPECT_EQ(s.state(), State::master);
}

// R63: the interval of the new Master counts from its first advert on.
TEST(MasterTest, StepsDownToAHigherPriorityAndLearnsItsInterval) {
  Subject s = master();
  s.hear({.priority = 101, .address = kLower, .interval = Centiseconds(10)});
  EXPECT_EQ(s.left(), 360937us);
  EXPECT_EQ(s.router().master()->address, ip(kLower));
  EXPECT_EQ(s.router().effective_priority(), 100);
}

TEST(MasterTest, ShowsTheTimersOfItsOwnInterval) {
  RouterConfig config = v3_config();
  config.priority = 210;
  Subject s = master(config);
  EXPECT_EQ(s.router().current_skew_time(), 179687us);
  EXPECT_EQ(s.router().current_master_down_interval(), 3179687us);
  EXPECT_EQ(s.router().master_advertisement_interval(), 1s);
  EXPECT_FALSE(s.router().master().has_value());
}

TEST(MasterReconfigurationTest, NewIntervalIsSaidAtOnce) {
  Subject s = master();
  s.wait(500ms);
  s.config.advertisement_interval = 100ms;
  s.reconfigure();
  EXPECT_EQ(s.did(), Texts{"send 100"});
  EXPECT_EQ(s.left(), 100ms);
}

TEST(MasterReconfigurationTest, OnlyNewAddressesAreAnnounced) {
  Subject s = master();
  s.config.addresses = list({"10.0.0.17", "10.0.0.18"});
  s.reconfigure();
  EXPECT_EQ(s.did(), (Texts{"send 100", "claim", "announce 10.0.0.17,10.0.0.18"}));
  s.config.addresses = list({"10.0.0.18"});
  s.reconfigure();
  EXPECT_EQ(s.did(), (Texts{"send 100", "claim"}));
}

TEST(MasterReconfigurationTest, WhatPeersDoNotSeeIsSilent) {
  Subject s = master();
  s.wait(500ms);
  s.config.preempt = false;
  s.config.preempt_delay = 7s;
  s.config.checksum = ChecksumMode::message_only;
  s.reconfigure();
  EXPECT_EQ(s.did(), Texts{});
  EXPECT_EQ(s.left(), 500ms);
}

// The peers know the old version and the old list: priority 0 has to be said in those.
TEST(MasterReconfigurationTest, LeavesWithTheOldConfiguration) {
  Subject version = master();
  version.config.version = Version::v2;
  version.config.addresses = list({"10.0.0.17"});
  version.reconfigure();
  Actions actions = version.take();
  EXPECT_EQ(first_advert(actions).advertisement.version, Version::v3);
  EXPECT_EQ(*first_advert(actions).addresses, *list({kVirtual}));

  Subject emptied = master();
  emptied.config.addresses = list({});
  emptied.reconfigure();
  actions = emptied.take();
  EXPECT_EQ(to_texts(actions), (Texts{"send 0", "let go", "Initialize: no virtual addresses are configured"}));
  EXPECT_EQ(*first_advert(actions).addresses, *list({kVirtual}));
}

struct Loss {
  const char* name;
  std::function<void(InterfaceStatus&)> change;
  Texts does;
};

TEST(MasterTest, LeavesWhenItsInterfaceCannotCarryIt) {
  const std::vector<Loss> losses{
      {"down", [](auto& s) { s.up = false; }, {"let go", "Initialize: interface eth1 is down"}},
      {"gone", [](auto& s) { s = {}; }, {"let go", "Initialize: interface eth1 does not exist"}},
      {"no address",
       [](auto& s) { s.primary.reset(), s.addresses.clear(); },
       {"send 0", "let go", "Initialize: interface eth1 has no address to send from"}},
      {"no device",
       [](auto& s) { s.device_ready = false; },
       {"send 0", "let go", "Initialize: the macvlan interface on eth1 is not ready"}},
  };
  for (const Loss& loss : losses) {
    Subject s = master();
    loss.change(s.status);
    s.update_status();
    const Actions actions = s.take();
    EXPECT_EQ(to_texts(actions), loss.does) << loss.name;
    if (loss.does.front() == "send 0") {
      EXPECT_EQ(first_advert(actions).source, ip(kOwn)) << "from the address that it was known by";
    }
    s.status = good_status();
    s.update_status();
    EXPECT_EQ(s.did(), Texts{"Backup: startup"}) << loss.name;
  }
}

TEST(MasterTest, CountsWhatItDoes) {
  RouterConfig config = v3_config();
  config.addresses = list({kVirtual, "10.0.0.17"});
  Subject s = master(config);
  s.wait(3s);
  s.handle(StopRequested{});
  const Statistics& counted = s.statistics();
  EXPECT_EQ(counted.advertisements_sent, 5U);
  EXPECT_EQ(counted.priority_zero_sent, 1U);
  EXPECT_EQ(counted.announcements_sent, 2U);
  EXPECT_EQ(counted.transitions, 3U);
}

}  // namespace
}  // namespace tandem::vrrpd::core

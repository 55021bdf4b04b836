// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/reconciler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io {
namespace {

using base::IfIndex;
using core::Family;
using core::RouterId;
using core::Vrid;
using testing::all_of;
using testing::backup;
using testing::device;
using testing::ethernet;
using testing::forget;
using testing::id_of;
using ::testing::IsEmpty;
using testing::kEth1;
using testing::kGroups;
using testing::Machine;
using testing::macvlan;
using testing::master;
using testing::outcome;
using testing::position_of;
using testing::prefix;
using testing::ReconcilerTest;
using ::testing::SizeIs;
using testing::want;

TEST_F(ReconcilerTest, BackupHasADeafMacvlan) {
  settle_with({backup(5), backup(5, Family::ipv6)});
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    const Interface* const found = device(machine, 5, family);
    ASSERT_NE(found, nullptr);
    EXPECT_FALSE(found->link.admin_up);
    EXPECT_EQ(found->link.macvlan->mode, netlink::MacvlanMode::bridge);
    EXPECT_EQ(found->link.group, kGroups.live);
    EXPECT_THAT(found->addresses, IsEmpty());
    EXPECT_EQ(machine.kernel_state.prepared.at(found->link.index), KernelState::Ipv6::off);
    EXPECT_EQ(outcome(machine, backup(5, family)).state, Outcome::State::in_place);
  }
}

TEST_F(ReconcilerTest, MacvlanIsPreparedBeforeItComesUp) {
  settle_with({master(5, Family::ipv6)});
  EXPECT_LT(position_of<PrepareDevice>(machine), position_of<SetLinkUp>(machine));
  EXPECT_LT(position_of<SetLinkUp>(machine), position_of<EnableIpv6>(machine));
  EXPECT_LT(position_of<EnableIpv6>(machine), position_of<AddAddress>(machine));
  EXPECT_LT(position_of<AddAddress>(machine), machine.kernel.log.size());
}

TEST_F(ReconcilerTest, MasterOwnsTheAddressesAndLetsGoInOneStepOnIpv6) {
  settle_with({master(5), master(5, Family::ipv6)});
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(1));
  EXPECT_THAT(device(machine, 5, Family::ipv6)->addresses, SizeIs(1));

  machine.kernel.log.clear();
  settle_with({backup(5), backup(5, Family::ipv6)});
  EXPECT_THAT(all_of<DisableIpv6>(machine), SizeIs(1));
  EXPECT_THAT(all_of<RemoveAddress>(machine), SizeIs(1)) << "a removed IPv6 address would send an MLD leave";
  EXPECT_THAT(machine.kernel.log, SizeIs(2));
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty());
}

TEST_F(ReconcilerTest, ClaimsAndReleasesOfARouterThatIsReadyAreDoneInOneStep) {
  settle_with({backup(5), backup(6, Family::ipv6)});
  want(machine, master(5));
  want(machine, master(6, Family::ipv6));
  machine.reconciler.step(kUrgent);
  EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::in_place) << "so that it is announced in the same turn";
  EXPECT_EQ(outcome(machine, master(6, Family::ipv6)).state, Outcome::State::in_place);
  EXPECT_THAT(device(machine, 6, Family::ipv6)->addresses, SizeIs(1));
  want(machine, backup(5));
  machine.reconciler.step(kUrgent);
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty());
}

TEST_F(ReconcilerTest, LettingGoComesBeforeClaimingAndClaimingBeforeMaking) {
  settle_with({master(5), backup(6)});
  machine.kernel.log.clear();
  want(machine, backup(7));
  want(machine, master(6));
  want(machine, backup(5));
  machine.settle();
  EXPECT_LT(position_of<RemoveAddress>(machine), position_of<AddAddress>(machine));

  // With more to do than fits a step, the new ones wait.
  for (unsigned vrid = 10; vrid < 30; ++vrid) {
    want(machine, backup(vrid));
  }
  want(machine, backup(6));
  machine.reconciler.step(kUrgent);
  EXPECT_THAT(device(machine, 6)->addresses, IsEmpty());
  EXPECT_FALSE(machine.reconciler.has_work(kUrgent));
  EXPECT_TRUE(machine.reconciler.has_work(kAnyUrgency));
}

TEST_F(ReconcilerTest, MacvlansAreMadeAsideAFewAtATime) {
  settle_with({backup(1)});
  for (unsigned vrid = 2; vrid <= 40; ++vrid) {
    want(machine, backup(vrid));
  }
  while (machine.reconciler.has_work(kAnyUrgency)) {
    machine.reconciler.step(kAnyUrgency);
  }
  EXPECT_THAT(machine.kernel.builds, SizeIs(kBuildSteps)) << "the others wait on the queue";
  want(machine, master(1));
  machine.reconciler.step(kUrgent);
  EXPECT_EQ(outcome(machine, master(1)).state, Outcome::State::in_place) << "who becomes Master waits for none of them";
  machine.settle();
  EXPECT_EQ(outcome(machine, backup(40)).state, Outcome::State::in_place);
}

TEST_F(ReconcilerTest, WhatIsMadeAsideAndNotWantedAnyMoreIsGivenUp) {
  settle_with({backup(5)});
  want(machine, backup(6));
  machine.reconciler.step(kAnyUrgency);
  ASSERT_THAT(machine.kernel.builds, SizeIs(1));
  forget(machine, backup(6));
  machine.settle();
  EXPECT_THAT(all_of<CreateDevice>(machine), SizeIs(2)) << "it was too late to stop it";
  EXPECT_THAT(machine.kernel.reality.all(), SizeIs(2)) << "eth1 and the macvlan of 5";
}

TEST_F(ReconcilerTest, WhoIsMasterBeforeItsMacvlanIsReadyHasItsAddressesThen) {
  settle_with({backup(1)});
  want(machine, backup(5));
  machine.reconciler.step(kAnyUrgency);
  want(machine, master(5));
  machine.reconciler.step(kUrgent);
  EXPECT_FALSE(outcome(machine, master(5)).settled());
  EXPECT_THAT(all_of<CreateDevice>(machine), SizeIs(1)) << "it is being made, and not made twice";
  machine.settle();
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(1));
  EXPECT_THAT(all_of<CreateDevice>(machine), SizeIs(2));
}

TEST_F(ReconcilerTest, AStepIsShortHoweverMuchIsWanted) {
  std::vector<DesiredDevice> desired;
  for (unsigned vrid = 1; vrid <= 255; ++vrid) {
    desired.push_back(master(vrid));
  }
  for (unsigned i = 0; i < 255; ++i) {
    desired[0].addresses.push_back(prefix(fmt::format("10.1.0.{}", i), 32));
  }
  settle_with(desired);
  EXPECT_THAT(device(machine, 1)->addresses, SizeIs(256));
  EXPECT_THAT(device(machine, 255)->addresses, SizeIs(1));
  EXPECT_LE(machine.kernel.largest_step, kMaxOperationsPerStep);
  for (const DesiredDevice& one : desired) {
    forget(machine, one);
  }
  machine.settle();
  EXPECT_THAT(machine.kernel.reality.all(), SizeIs(1));
  EXPECT_LE(machine.kernel.largest_step, kMaxOperationsPerStep);
}

TEST_F(ReconcilerTest, ChangedAddressesOfAMasterAreExchanged) {
  settle_with({master(5)});
  DesiredDevice changed = master(5);
  changed.addresses = {prefix("10.0.0.6", 32)};
  settle_with({changed});
  ASSERT_THAT(device(machine, 5)->addresses, SizeIs(1));
  EXPECT_EQ(device(machine, 5)->addresses[0].prefix, prefix("10.0.0.6", 32));
}

TEST_F(ReconcilerTest, OwnNotificationsAreNoReasonToLookAgain) {
  settle_with({backup(5), backup(5, Family::ipv6)});
  machine.reconciler.take_changes();
  want(machine, master(5));
  want(machine, master(5, Family::ipv6));
  while (machine.reconciler.has_work(kAnyUrgency)) {
    machine.reconciler.step(kAnyUrgency);
  }
  machine.reconciler.take_changes();
  machine.hear();
  EXPECT_FALSE(machine.reconciler.has_work(kAnyUrgency));
  EXPECT_TRUE(machine.reconciler.changes().empty());
}

// ---- what others do

struct Harm {
  const char* what;
  std::function<netlink::Event(const netlink::Link& macvlan)> event;
};

TEST_F(ReconcilerTest, HealsWhatSomebodyElseDid) {
  const auto changed = [](netlink::Link link, auto change) {
    change(link);
    return netlink::LinkChanged{link};
  };
  const std::vector<Harm> harms{
      {"set down", [&](const auto& link) { return changed(link, [](auto& l) { l.admin_up = false; }); }},
      {"another mode",
       [&](const auto& link) {
         return changed(link, [](auto& l) { l.macvlan->mode = netlink::MacvlanMode::source; });
       }},
      {"removed", [](const auto& link) { return netlink::LinkRemoved{link.index}; }},
      {"address removed",
       [](const auto& link) {
         return netlink::AddressRemoved{{.interface = link.index, .prefix = prefix("10.0.0.5", 32)}};
       }},
      {"address added",
       [](const auto& link) {
         return netlink::AddressAdded{{.interface = link.index, .prefix = prefix("10.0.0.99", 32)}};
       }},
  };
  for (const Harm& harm : harms) {
    settle_with({master(5)});
    machine.kernel.log.clear();
    machine.kernel.happen(harm.event(device(machine, 5)->link));
    machine.hear();
    EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::pending) << harm.what;
    machine.settle();
    EXPECT_THAT(machine.kernel.log, ::testing::Not(IsEmpty())) << harm.what;
    ASSERT_NE(device(machine, 5), nullptr) << harm.what;
    EXPECT_TRUE(device(machine, 5)->link.admin_up) << harm.what;
    EXPECT_EQ(device(machine, 5)->link.macvlan->mode, netlink::MacvlanMode::bridge) << harm.what;
    ASSERT_THAT(device(machine, 5)->addresses, SizeIs(1)) << harm.what;
    EXPECT_EQ(device(machine, 5)->addresses[0].prefix, prefix("10.0.0.5", 32)) << harm.what;
    EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::in_place) << harm.what;
  }
}

TEST_F(ReconcilerTest, RenamedMacvlanOfOursStaysInUse) {
  settle_with({master(5)});
  machine.kernel.log.clear();
  netlink::Link link = device(machine, 5)->link;
  link.name = "other";
  machine.link(link);
  machine.settle();
  EXPECT_THAT(machine.kernel.log, IsEmpty());
}

TEST_F(ReconcilerTest, UnwantedMacvlanIsSilencedBeforeItsDeletion) {
  settle_with({master(5), master(6, Family::ipv6)});
  machine.kernel.log.clear();
  forget(machine, master(5));
  forget(machine, master(6, Family::ipv6));
  machine.settle();
  EXPECT_LT(position_of<DisableIpv6>(machine), position_of<SetGroup>(machine));
  EXPECT_LT(position_of<RemoveAddress>(machine), position_of<SetGroup>(machine));
  EXPECT_THAT(machine.kernel.reality.all(), SizeIs(1)) << "only eth1 is left";
}

TEST_F(ReconcilerTest, MacvlanOfACrashedRunIsSilencedAndUsedAgain) {
  machine.link(macvlan(7, "vrrp4-2-5", 2, Vrid(5)));
  machine.address(7, prefix("10.0.0.5", 32));
  machine.hear();
  settle_with({backup(5)});
  EXPECT_EQ(device(machine, 5)->link.index, IfIndex{7});
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty());
  forget(machine, backup(5));
  machine.settle();
  EXPECT_EQ(device(machine, 5), nullptr) << "it is ours: deleted";
}

TEST_F(ReconcilerTest, MacvlanOfACrashedRunThatNobodyWantsGoesAndIsSilentAtOnce) {
  machine.table.apply(netlink::LinkChanged{ethernet(2, "eth1")});  // read at the start, not heard of
  machine.link(macvlan(7, "vrrp4-2-5", 2, Vrid(5)));
  machine.address(7, prefix("10.0.0.5", 32));
  for (const netlink::Event& event : machine.kernel.events) {
    machine.table.apply(event);
  }
  machine.kernel.events.clear();
  machine.reconciler.enqueue_everything();
  EXPECT_TRUE(machine.reconciler.has_work(kUrgent)) << "its address is answered for by two";
  machine.settle();
  EXPECT_THAT(machine.kernel.reality.all(), SizeIs(1));
}

TEST_F(ReconcilerTest, ForeignMacvlanIsUsedAndGivenBackAsItWas) {
  netlink::Link foreign = macvlan(7, "gw5", 2, Vrid(5));
  foreign.group = 0;
  foreign.macvlan->mode = netlink::MacvlanMode::private_;
  machine.link(foreign);
  machine.address(7, prefix("10.0.0.5", 24));
  machine.hear();
  settle_with({master(5)});
  EXPECT_EQ(device(machine, 5)->link.index, IfIndex{7});
  EXPECT_EQ(device(machine, 5)->link.group, 0U);
  ASSERT_THAT(device(machine, 5)->addresses, SizeIs(1));
  EXPECT_EQ(device(machine, 5)->addresses[0].prefix, prefix("10.0.0.5", 32));

  forget(machine, master(5));
  machine.settle();
  const Interface* const returned = machine.kernel.reality.find("gw5");
  ASSERT_NE(returned, nullptr);
  EXPECT_FALSE(returned->link.admin_up);
  EXPECT_EQ(returned->link.macvlan->mode, netlink::MacvlanMode::private_);
  ASSERT_THAT(returned->addresses, SizeIs(1));
  EXPECT_EQ(returned->addresses[0].prefix, prefix("10.0.0.5", 24));
}

TEST_F(ReconcilerTest, ForeignMacvlanNobodyWantsIsNotTouched) {
  netlink::Link foreign = macvlan(7, "gw5", 2, Vrid(5));
  foreign.group = 0;
  machine.link(foreign);
  machine.address(7, prefix("10.0.0.5", 24));
  settle_with({backup(6)});
  EXPECT_EQ(machine.kernel.reality.find(IfIndex{7})->link, foreign);
  EXPECT_THAT(machine.kernel.reality.find(IfIndex{7})->addresses, SizeIs(1));
}

TEST_F(ReconcilerTest, RenamedParentTakesItsMacvlansAway) {
  settle_with({master(5)});
  machine.link(ethernet(2, "wan0"));
  machine.settle();
  EXPECT_THAT(machine.kernel.reality.all(), SizeIs(1));
  EXPECT_THAT(machine.kernel_state.guarded, IsEmpty());
  EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::no_parent);
  machine.link(ethernet(2, "eth1"));
  machine.settle();
  EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::in_place);
}

TEST_F(ReconcilerTest, MacvlanPendingDeletionThatIsWantedAgainIsUsed) {
  for (const std::uint32_t group : {kGroups.pending_deletion, kGroups.deleting}) {
    Machine here;
    here.link(ethernet(2, "eth1"));
    netlink::Link buried = macvlan(7, "vrrp4-2-5", 2, Vrid(5));
    buried.group = group;
    here.link(buried);
    here.hear();
    want(here, backup(5));
    here.settle();
    EXPECT_EQ(device(here, 5)->link.index, IfIndex{7});
    EXPECT_EQ(device(here, 5)->link.group, kGroups.live);
  }
}

TEST_F(ReconcilerTest, ParentIsGuardedOnceForEachFamilyAndReleasedWithTheLast) {
  settle_with({backup(5, Family::ipv6)});
  EXPECT_THAT(machine.kernel_state.guarded, IsEmpty());
  EXPECT_EQ(machine.kernel_state.guarded_ipv6, std::set{kEth1});
  forget(machine, backup(5, Family::ipv6));
  settle_with({backup(5), backup(6), backup(6, Family::ipv6)});
  settle_with({backup(7)});
  EXPECT_EQ(machine.kernel_state.guarded, std::set{kEth1});
  EXPECT_THAT(all_of<GuardParent>(machine), SizeIs(2));
  forget(machine, backup(6, Family::ipv6));
  for (const unsigned vrid : {5U, 6U}) {
    forget(machine, backup(vrid));
  }
  machine.settle();
  EXPECT_THAT(all_of<ReleaseParent>(machine), IsEmpty());
  forget(machine, backup(7));
  machine.settle();
  EXPECT_THAT(all_of<ReleaseParent>(machine), SizeIs(1));
}

TEST_F(ReconcilerTest, GuardOfACrashedRunIsUndoneIfNobodyWantsIt) {
  machine.hear();
  machine.kernel_state.left_guarded = {kEth1};
  machine.reconciler.enqueue_everything();
  machine.settle();
  EXPECT_THAT(all_of<ReleaseParent>(machine), SizeIs(1));
  EXPECT_THAT(machine.kernel_state.left_guarded, IsEmpty());
}

// ---- what becomes of what is wanted

TEST_F(ReconcilerTest, MissingParentIsAwaitedAndThatIsNoFailure) {
  DesiredDevice elsewhere = master(5);
  elsewhere.interface = "eth7";
  settle_with({elsewhere});
  EXPECT_EQ(outcome(machine, elsewhere), (Outcome{Outcome::State::no_parent}));
  machine.link(ethernet(7, "eth7"));
  machine.settle();
  EXPECT_EQ(outcome(machine, elsewhere).state, Outcome::State::in_place);
  machine.remove(machine.kernel.reality.macvlan(IfIndex{7}, packet::virtual_mac(Vrid(5), Family::ipv4))->link.index);
  machine.remove(IfIndex{7});
  machine.settle();
  EXPECT_EQ(outcome(machine, elsewhere).state, Outcome::State::no_parent);
}

TEST_F(ReconcilerTest, NameHeldByAUselessMacvlanOfOursIsAwaited) {
  machine.link(macvlan(7, "vrrp4-eth1-5", 2, Vrid(9)));  // renamed by a user
  machine.hear();
  want(machine, backup(5));
  while (machine.reconciler.has_work(kAnyUrgency)) {
    machine.reconciler.step(kAnyUrgency);
  }
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::pending);
  EXPECT_TRUE(machine.reconciler.has_pending_deletions());
  machine.kernel.carry_out_deletions();
  machine.settle();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
  EXPECT_FALSE(machine.reconciler.has_pending_deletions());
}

// As after a rename of the parent, whose macvlan goes on to serve: what another interface of the former name needs must
// not wait for ever.
TEST_F(ReconcilerTest, NameThatServesOnAnotherParentIsNotAwaited) {
  settle_with({master(5)});
  machine.link(ethernet(2, "lan0"));
  machine.link(ethernet(3, "eth1"));
  machine.hear();
  DesiredDevice renamed = master(5);
  renamed.interface = "lan0";
  machine.reconciler.want(core::RouterId{99}, renamed);
  settle_with({master(5)});
  EXPECT_EQ(outcome(machine, master(5)).state, Outcome::State::in_place);
  const auto name_on = [this](unsigned parent) {
    return machine.kernel.reality.macvlan(IfIndex{parent}, packet::virtual_mac(Vrid(5), Family::ipv4))->link.name;
  };
  EXPECT_EQ(name_on(2), "vrrp4-eth1-5");
  EXPECT_EQ(name_on(3), "vrrp4-3-5");
}

TEST_F(ReconcilerTest, ChangesNameWhatIsNotOurs) {
  settle_with({backup(5)});
  machine.reconciler.take_changes();
  netlink::Link down = ethernet(2, "eth1");
  down.running = false;
  machine.link(down);
  machine.address(2, prefix("10.0.0.1", 24));
  machine.hear();
  EXPECT_EQ(machine.reconciler.changes().interfaces, (std::set<std::string>{"eth1"}));
  machine.reconciler.take_changes();
  machine.link(ethernet(2, "wan0"));
  machine.hear();
  EXPECT_EQ(machine.reconciler.changes().interfaces, (std::set<std::string>{"eth1", "wan0"}));
}

// Whatever the kernel looked like and whatever is wanted: it ends, a second look finds nothing to do, and the Masters
// own exactly their addresses.
TEST_F(ReconcilerTest, SettlesFromAnyState) {
  std::mt19937 random(1);
  const auto one_of = [&](unsigned count) { return static_cast<unsigned>(random() % count); };
  std::map<RouterId, DesiredDevice> desired;
  for (int round = 0; round < 2000; ++round) {
    for (unsigned vrid = 1; vrid <= 4; ++vrid) {
      const Family family = one_of(2) == 0 ? Family::ipv4 : Family::ipv6;
      const DesiredDevice one = one_of(2) == 0 ? backup(vrid, family) : master(vrid, family);
      if (one_of(4) != 0) {
        desired.insert_or_assign(id_of(one), one);
        want(machine, one);
      } else {
        desired.erase(id_of(one));
        forget(machine, one);
      }
      machine.kernel.slow = one_of(2) == 0;
      for (unsigned steps = one_of(3); steps > 0 && machine.reconciler.has_work(kAnyUrgency); --steps) {
        machine.reconciler.step(kAnyUrgency);
      }
      if (one_of(2) == 0 && !machine.kernel.builds.empty()) {
        machine.finish_one();
      }
      if (one_of(2) == 0 && !machine.kernel.executing.empty()) {
        machine.finish_execution();
      }
    }
    // A foreign hand: sets links down, changes modes and groups, adds addresses, deletes links.
    const std::map<IfIndex, Interface> before = machine.kernel.reality.all();
    for (const auto& [index, interface] : before) {
      netlink::Link link = interface.link;
      if (!link.macvlan || one_of(2) == 0) {
        continue;
      }
      link.admin_up = one_of(2) == 0;
      link.protodown = one_of(2) == 0;
      link.macvlan->mode = one_of(2) == 0 ? netlink::MacvlanMode::vepa : netlink::MacvlanMode::bridge;
      link.group = one_of(8) == 0 ? 0 : link.group;
      machine.link(link);
      machine.address(base::to_number(index), prefix(one_of(2) == 0 ? "10.0.0.77" : "2001:db8::77", 32));
      if (one_of(4) == 0) {
        machine.remove(index);
      }
    }
    machine.settle();
    machine.lower();
    machine.kernel.log.clear();
    machine.reconciler.enqueue_everything();
    machine.settle();
    EXPECT_THAT(machine.kernel.log, IsEmpty());
    for (const auto& [id, one] : desired) {
      const Interface* const found = device(machine, one.vrid.value(), one.family);
      ASSERT_NE(found, nullptr);
      EXPECT_THAT(found->addresses, SizeIs(one.claimed ? 1 : 0));
      EXPECT_EQ(found->link.admin_up, one.claimed);
      EXPECT_EQ(found->link.protodown, !one.claimed);
      EXPECT_EQ(outcome(machine, one).state, Outcome::State::in_place);
    }
    if (HasFailure()) {
      FAIL() << "in round " << round;
    }
  }
}

}  // namespace
}  // namespace tandem::vrrpd::io

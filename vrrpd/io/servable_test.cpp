// SPDX-License-Identifier: Apache-2.0
// Addresses and parents that are not possible: what is said, to whom, and what is done all the same.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io::testing {
namespace {

using core::Family;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ServableTest : public QuickAndSlowKernelTest {
 protected:
  ServableTest() { machine.address(2, prefix("10.0.0.1", 24)); }

  static DesiredDevice with(DesiredDevice desired, std::vector<std::string> addresses) {
    desired.addresses.clear();
    for (const std::string& address : addresses) {
      desired.addresses.push_back(prefix(address, 32));
    }
    return desired;
  }
  const Outcome& outcome_of(const DesiredDevice& desired) {
    settle_with({desired});
    return outcome(machine, desired);
  }
};

TEST_P(ServableTest, ABackupIsToldWhatAMasterIsTold) {
  const std::string reason = "10.0.0.255 is the broadcast address of the network (eth1 has 10.0.0.1/24)";
  for (const DesiredDevice& desired : {backup(5), master(5)}) {
    const Outcome& both = outcome_of(with(desired, {"10.0.0.5", "10.0.0.255"}));
    EXPECT_EQ(both.state, Outcome::State::refused);
    EXPECT_EQ(both.reason, reason);
    EXPECT_FALSE(both.serves_none);
    const Outcome& none = outcome_of(with(desired, {"10.0.0.255"}));
    EXPECT_EQ(none.reason, reason);
    EXPECT_TRUE(none.serves_none);
    EXPECT_EQ(outcome_of(with(desired, {"10.0.0.5"})), Outcome{Outcome::State::in_place});
  }
}

TEST_P(ServableTest, AMasterHasThePossibleAddresses) {
  settle_with({with(backup(5), {"10.0.0.5", "10.0.0.255", "10.0.0.7"})});
  settle_with({with(master(5), {"10.0.0.5", "10.0.0.255", "10.0.0.7"})});
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(2));
  settle_with({with(backup(5), {"10.0.0.5", "10.0.0.255", "10.0.0.7"})});
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty());
}

TEST_P(ServableTest, ANetworkThatComesLaterReserves) {
  EXPECT_EQ(outcome_of(backup(5)).state, Outcome::State::in_place);
  machine.address(2, prefix("10.0.0.6", 30));  // 10.0.0.4 to 10.0.0.7
  machine.settle();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
  DesiredDevice last = with(backup(5), {"10.1.0.7"});
  EXPECT_EQ(outcome_of(last).state, Outcome::State::in_place);
  machine.address(2, prefix("10.1.0.6", 30));
  machine.settle();
  EXPECT_THAT(outcome(machine, last).reason, HasSubstr("broadcast"));
  EXPECT_TRUE(outcome(machine, last).serves_none);
}

TEST_P(ServableTest, OneAddressThatIsRefusedStopsNoOther) {
  std::vector<std::string> many;
  for (int i = 10; i < 50; ++i) {
    many.push_back(fmt::format("10.0.0.{}", i));
  }
  machine.kernel.refuse = [](const Operation& operation) {
    const auto* add = std::get_if<AddAddress>(&operation);
    return add != nullptr && add->prefix == prefix("10.0.0.12", 32) ? ENOSPC : 0;
  };
  const Outcome& known = outcome_of(with(master(5), many));
  EXPECT_EQ(known.reason, "cannot add 10.0.0.12/32 to vrrp4-eth1-5: No space left on device");
  EXPECT_FALSE(known.serves_none);
  EXPECT_THAT(device(machine, 5)->addresses, SizeIs(39)) << "without waiting to be tried again";
}

TEST_P(ServableTest, AMasterThatHasNothingIsToldApart) {
  machine.kernel.refuse = refuse_with<AddAddress>(ENOSPC);
  EXPECT_TRUE(outcome_of(with(master(5), {"10.0.0.5", "10.0.0.6"})).serves_none);
  machine.kernel.refuse = refuse_with<SetLinkUp>(EBUSY);
  EXPECT_TRUE(outcome_of(with(master(6), {"10.0.0.7"})).serves_none) << "addresses of an interface that is down";
}

TEST_P(ServableTest, WhichAreMissingIsSaid) {
  machine.kernel.refuse = [](const Operation& operation) {
    const auto* add = std::get_if<AddAddress>(&operation);
    return add != nullptr && add->prefix != prefix("10.0.0.9", 32) ? ENOSPC : 0;
  };
  EXPECT_THAT(
      outcome_of(with(master(5), {"10.0.0.3", "10.0.0.4", "10.0.0.9"})).reason,
      HasSubstr("cannot add 10.0.0.3/32 to vrrp4-eth1-5: No space left on device; missing are 10.0.0.3, 10.0.0.4"));
}

// ---- adverts that are too large

TEST_P(ServableTest, AnAdvertHasToFit) {
  netlink::Link parent = ethernet(2, "eth1");
  parent.mtu = 1500;
  machine.link(parent);
  DesiredDevice large = master(5);
  large.advert_size = 1400;
  EXPECT_EQ(outcome_of(large).state, Outcome::State::in_place);
  parent.mtu = 1300;
  machine.link(parent);
  machine.settle();
  EXPECT_EQ(outcome(machine, large).reason,
            "its adverts are 1400 bytes long, the MTU of eth1 is 1300: fewer addresses or a larger MTU");
  EXPECT_TRUE(outcome(machine, large).serves_none);
  EXPECT_THAT(device(machine, 5)->addresses, IsEmpty()) << "another router may be Master: it hears nothing of this one";
  large.claimed = false;
  EXPECT_TRUE(outcome_of(large).serves_none);
  parent.mtu = 1400;
  machine.link(parent);
  machine.settle();
  EXPECT_EQ(outcome(machine, large).state, Outcome::State::in_place);
}

// ---- parents

TEST_P(ServableTest, APortIsRefusedInWords) {
  machine.link(ethernet(3, "br9"));
  netlink::Link port = ethernet(2, "eth1");
  port.port = netlink::Port{base::IfIndex{3}, "bridge"};
  machine.link(port);
  EXPECT_EQ(outcome_of(backup(5)).reason,
            "eth1 is a port of bridge br9, which takes its frames: configure the group there");
  EXPECT_THAT(all_of<CreateDevice>(machine), IsEmpty());
  machine.link(ethernet(2, "eth1"));
  machine.settle();
  EXPECT_EQ(outcome(machine, backup(5)).state, Outcome::State::in_place);
}

// wan0, a macvlan of the operator's on eth1.
DesiredDevice on_wan0(DesiredDevice desired) {
  desired.interface = "wan0";
  return desired;
}
core::RouterId wan0_id(const DesiredDevice& desired) { return core::RouterId{500U + desired.vrid.value()}; }

class MacvlanOfAMacvlan : public ServableTest {
 protected:
  void make_wan0(unsigned lower) {
    netlink::Link wan0 = macvlan(7, "wan0", lower, core::Vrid(1));
    wan0.mac = base::MacAddress{{2, 0, 0, 0, 0, 1}};
    wan0.group = 0;
    machine.link(wan0);
    machine.hear();
  }
  void want_on_wan0(const DesiredDevice& desired) {
    machine.reconciler.want(wan0_id(desired), on_wan0(desired));
    machine.settle();
  }
  const Interface* device_on_wan0() const {
    return machine.table.macvlan(base::IfIndex{7}, packet::virtual_mac(core::Vrid(5), Family::ipv4));
  }
};

TEST_P(MacvlanOfAMacvlan, IsFoundWhereTheKernelPutsIt) {
  for (const unsigned lower : {2U, 0U}) {  // 0: in another network namespace, as in a container
    make_wan0(lower);
    want_on_wan0(backup(5));
    EXPECT_EQ(machine.reconciler.outcome(wan0_id(backup(5))), Outcome{Outcome::State::in_place});
    want_on_wan0(master(5));
    EXPECT_EQ(machine.reconciler.outcome(wan0_id(master(5))), Outcome{Outcome::State::in_place});
    ASSERT_NE(device_on_wan0(), nullptr);
    EXPECT_EQ(device_on_wan0()->link.parent, base::IfIndex{lower});
    EXPECT_EQ(machine.table.parent_of(device_on_wan0()->link), base::IfIndex{7});
    EXPECT_THAT(device_on_wan0()->addresses, SizeIs(1));
    EXPECT_EQ(device_on_wan0()->link.macvlan->mode, netlink::MacvlanMode::vepa)
        << "in mode bridge wan0 would not hear the adverts of peers";
    EXPECT_THAT(all_of<CreateDevice>(machine), SizeIs(1));
    machine.reconciler.forget(wan0_id(master(5)));
    machine.settle();
    EXPECT_EQ(device_on_wan0(), nullptr);
    machine.remove(base::IfIndex{7});
    machine.settle();
    machine.kernel.log.clear();
  }
}

TEST_P(MacvlanOfAMacvlan, IsNotThatOfTheInterfaceBelow) {
  make_wan0(2);
  want_on_wan0(backup(5));
  settle_with({backup(5)});
  ASSERT_NE(machine.table.macvlan(kEth1, packet::virtual_mac(core::Vrid(5), Family::ipv4)), nullptr);
  EXPECT_NE(machine.table.macvlan(kEth1, packet::virtual_mac(core::Vrid(5), Family::ipv4)), device_on_wan0());
  EXPECT_EQ(outcome(machine, backup(5)), Outcome{Outcome::State::in_place});
}

TEST_P(MacvlanOfAMacvlan, GoesWithItsParent) {
  make_wan0(2);
  want_on_wan0(master(5));
  settle_with({backup(5)});
  const base::IfIndex index = device_on_wan0()->link.index;
  machine.remove(base::IfIndex{7});  // the kernel leaves it where it is, on eth1
  machine.settle();
  EXPECT_EQ(machine.kernel.reality.find(index), nullptr);
  EXPECT_EQ(machine.reconciler.outcome(wan0_id(master(5))).state, Outcome::State::no_parent);
  EXPECT_EQ(outcome(machine, backup(5)), Outcome{Outcome::State::in_place});
}

INSTANTIATE_TEST_SUITE_P(Kernel, ServableTest, ::testing::Bool(), speed_of);
INSTANTIATE_TEST_SUITE_P(Kernel, MacvlanOfAMacvlan, ::testing::Bool(), speed_of);

}  // namespace
}  // namespace tandem::vrrpd::io::testing

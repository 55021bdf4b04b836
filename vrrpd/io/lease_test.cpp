// SPDX-License-Identifier: Apache-2.0
// The lifetimes of addresses, as the Reconciler gives and renews them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/reconciler_testing.h"

namespace tandem::vrrpd::io {
namespace {

using namespace std::chrono_literals;
using testing::all_of;
using testing::backup;
using testing::device;
using ::testing::Each;
using ::testing::ElementsAre;
using testing::kEth1;
using testing::Machine;
using testing::master;
using testing::outcome;
using testing::prefix;
using ::testing::SizeIs;

class LeaseTest : public testing::QuickAndSlowKernelTest {};

std::vector<std::optional<std::chrono::seconds>> lifetimes(const Machine& machine, unsigned vrid) {
  std::vector<std::optional<std::chrono::seconds>> found;
  for (const netlink::Address& address : device(machine, vrid)->addresses) {
    found.push_back(address.lifetime);
  }
  return found;
}

void renew_all(Machine& machine) {
  for (unsigned part = 0; part < kRenewalParts; ++part) {
    machine.reconciler.renew(part);
  }
  machine.settle();
}

TEST_P(LeaseTest, LeaseIsRenewedWithoutRemovingAnythingAndWithoutAWord) {
  machine.reconciler.set_lease(std::chrono::seconds(10));
  DesiredDevice many = master(6);
  for (unsigned i = 0; i < 100; ++i) {
    many.addresses.push_back(prefix(fmt::format("10.1.0.{}", i), 32));
  }
  settle_with({master(5), backup(7), many});
  EXPECT_THAT(lifetimes(machine, 5), ElementsAre(std::chrono::seconds(10)));
  machine.reconciler.take_changes();
  machine.kernel.log.clear();
  for (const std::chrono::seconds lease : {10s, 1s, 2s, 3600s}) {
    machine.reconciler.set_lease(lease);
    machine.settle();
    machine.kernel.log.clear();
    renew_all(machine);
    EXPECT_THAT(all_of<AddAddress>(machine), SizeIs(102)) << lease.count();
    EXPECT_THAT(machine.kernel.log, SizeIs(102)) << "nothing else";
    EXPECT_THAT(lifetimes(machine, 6), Each(lease));
  }
  EXPECT_TRUE(machine.reconciler.changes().empty());
  EXPECT_EQ(outcome(machine, many).state, Outcome::State::in_place);
}

TEST_P(LeaseTest, OnlyWhatIsClaimedAndThereIsRenewedByOthers) {
  machine.reconciler.set_lease(std::chrono::seconds(10));
  DesiredDevice many = master(6);
  many.addresses.push_back(prefix("10.1.0.1", 32));
  settle_with({master(5), backup(7), many});
  machine.kernel.happen(netlink::AddressRemoved{device(machine, 6)->addresses.back()});
  machine.hear();
  std::size_t due = 0;
  for (unsigned part = 0; part < kRenewalParts; ++part) {
    for (const AddAddress& renewal : machine.reconciler.renewals(part)) {
      EXPECT_EQ(renewal.lease, std::chrono::seconds(10));
      EXPECT_EQ(renewal.index, device(machine, 5)->link.index) << "6 is at work on what is missing";
      ++due;
    }
  }
  EXPECT_EQ(due, 1U);
}

TEST_P(LeaseTest, ChangedLeaseAppliesToWhatIsThere) {
  settle_with({master(5)});
  EXPECT_THAT(lifetimes(machine, 5), ElementsAre(std::nullopt)) << "no lease, no end";
  machine.kernel.log.clear();
  for (const unsigned lease : {10U, 60U, 5U, 0U}) {
    machine.reconciler.set_lease(std::chrono::seconds(lease));
    machine.settle();
    EXPECT_THAT(lifetimes(machine, 5), ElementsAre(lifetime_of(std::chrono::seconds(lease))));
  }
  EXPECT_THAT(machine.kernel.log, SizeIs(4)) << "never removed";
}

TEST_P(LeaseTest, LifetimeThatSomebodyElseSetIsCorrected) {
  machine.reconciler.set_lease(std::chrono::seconds(10));
  settle_with({master(5)});
  struct Case {
    std::optional<std::chrono::seconds> lifetime;
    bool heals;
  };
  for (const Case& one : std::initializer_list<Case>{{std::nullopt, true},
                                                     {std::chrono::seconds(11), true},
                                                     {std::chrono::seconds(3), true},
                                                     {std::chrono::seconds(9), false}}) {
    netlink::Address address = device(machine, 5)->addresses.at(0);
    address.lifetime = one.lifetime;
    machine.kernel.happen(netlink::AddressAdded{address});
    machine.settle();
    EXPECT_THAT(lifetimes(machine, 5), ElementsAre(one.heals ? std::chrono::seconds(10) : one.lifetime));
  }
}

TEST_P(LeaseTest, AddressesOfAParentMayLiveAsLongAsTheyLike) {
  netlink::Address address{
      .interface = kEth1, .prefix = prefix("2001:db8::1", 64), .lifetime = std::chrono::seconds(9)};
  machine.kernel.happen(netlink::AddressAdded{address});
  settle_with({backup(5)});
  machine.reconciler.take_changes();
  address.lifetime = std::chrono::seconds(10);
  machine.kernel.happen(netlink::AddressAdded{address});
  machine.hear();
  EXPECT_TRUE(machine.reconciler.changes().empty()) << "renewed by every router advertisement";
}

INSTANTIATE_TEST_SUITE_P(Kernel, LeaseTest, ::testing::Bool(), testing::speed_of);

}  // namespace
}  // namespace tandem::vrrpd::io

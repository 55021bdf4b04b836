// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/renewals.h"

#include <gmock/gmock.h>

#include <set>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/testing.h"

namespace tandem::vrrpd::io {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A lease so short that its parts are due one after the other, until `enough`.
struct RenewalsTest : ::testing::Test {
  event::Loop loop;
  std::vector<unsigned> begun;
  std::vector<unsigned> insisted;
  std::set<unsigned> empty;  // parts in which nothing is to be renewed
  bool busy = false;
  std::function<void()> on_begin = [] {};
  unsigned part = 0;  // that was asked for last

  Renewals renewals{
      loop,
      {.due =
           [this](unsigned which) {
             part = which;
             return empty.contains(which)
                        ? std::vector<AddAddress>()
                        : std::vector<AddAddress>{{base::IfIndex{7}, testing::prefix("10.0.0.1", 32), Lease(1)}};
           },
       .begin =
           [this](std::span<const AddAddress>) {
             begun.push_back(part);
             busy = true;
             on_begin();
           },
       .is_busy = [this] { return busy; },
       .insist = [this](unsigned which) { insisted.push_back(which); },
       .on_third = [this] { loop.stop(); }}};

  void finish(bool succeeded) {
    busy = false;
    renewals.on_results(results(succeeded), 0);
  }
  static std::vector<base::Result<>> results(bool succeeded) {
    return {{}, succeeded ? base::Result<>() : base::fail("no memory")};
  }
  void run_for_a_third() {
    renewals.set_lease(Lease(1));
    renewals.start();
    loop.run();
  }
};

TEST_F(RenewalsTest, EachPartIsRenewedInAThirdOfTheLease) {
  on_begin = [this] { loop.post([this] { finish(true); }); };
  empty = {3, 4};
  run_for_a_third();
  std::vector<unsigned> expected;
  for (unsigned i = 0; i < kRenewalParts; ++i) {
    if (!empty.contains(i)) {
      expected.push_back(i);
    }
  }
  EXPECT_EQ(begun, expected);
  EXPECT_THAT(insisted, IsEmpty());
}

TEST_F(RenewalsTest, AFailureBecomesWorkLikeAnyOther) {
  on_begin = [this] { loop.post([this] { finish(part != 2); }); };
  run_for_a_third();
  EXPECT_THAT(insisted, ElementsAre(2U));
}

TEST_F(RenewalsTest, APartHasFailedIfAnyOfItsPiecesHas) {
  on_begin = [this] {
    loop.post([this] {
      renewals.on_results(results(part != 2), 1);
      EXPECT_THAT(insisted, part <= 2 ? ::testing::SizeIs(0) : ::testing::SizeIs(1)) << "one piece is left";
      finish(true);
    });
  };
  run_for_a_third();
  EXPECT_THAT(insisted, ElementsAre(2U));
}

TEST_F(RenewalsTest, WhatHasHadNoTimeForAThirdOfTheLeaseBecomesWorkLikeAnyOther) {
  busy = true;
  run_for_a_third();
  EXPECT_THAT(begun, IsEmpty());
  EXPECT_THAT(insisted, IsEmpty()) << "the kernel is waited for: it would only be one more that waits";
  busy = false;
  run_for_a_third();
  EXPECT_EQ(insisted.size(), kRenewalParts);
}

TEST_F(RenewalsTest, NothingIsRenewedWithoutALease) {
  renewals.start();
  renewals.set_lease(Lease(0));
  loop.run_pending();
  EXPECT_THAT(begun, IsEmpty());
}

}  // namespace
}  // namespace tandem::vrrpd::io

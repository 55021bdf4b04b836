// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/unserved.h"

#include <gtest/gtest.h>

#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

constexpr core::RouterId kRouter{7};

struct UnservedTest : ::testing::Test {
  event::Loop loop;
  log::Logger logger;
  int changes = 0;
  Unserved unserved{loop, logger, [this](core::RouterId) {
                      ++changes;
                      loop.stop();
                    }};

  // Since then.
  void fail(base::Duration ago) {
    unserved.failed({.id = kRouter, .name = "vrrp 5 on eth1", .reason = "no room"}, event::monotonic_now() - ago);
  }
  void await_change() { loop.run(); }
};

TEST_F(UnservedTest, MayBeMasterWhileTheKernelMayStillDoIt) {
  fail(base::Duration::zero());
  EXPECT_FALSE(unserved.is_out(kRouter));
  EXPECT_EQ(unserved.reason(kRouter), "");
}

TEST_F(UnservedTest, IsOutAfterThatWithTheReason) {
  fail(kUnservedGrace);
  await_change();
  EXPECT_TRUE(unserved.is_out(kRouter));
  EXPECT_EQ(unserved.reason(kRouter), "no room");
  EXPECT_EQ(changes, 1);
}

TEST_F(UnservedTest, TriesAgainAndIsOutForLongerWhenThatFails) {
  fail(kUnservedGrace + kFirstUnservedPause);
  await_change();
  await_change();
  EXPECT_FALSE(unserved.is_out(kRouter));
  fail(kUnservedGrace + kFirstUnservedPause);
  await_change();
  EXPECT_TRUE(unserved.is_out(kRouter));
  event::Timer later(loop, [this] { loop.stop(); });
  later.set(event::monotonic_now());
  loop.run();
  EXPECT_TRUE(unserved.is_out(kRouter)) << "twice as long";
}

TEST_F(UnservedTest, IsPardonedWhenSomethingChanges) {
  fail(kUnservedGrace);
  await_change();
  unserved.pardon(kRouter);
  EXPECT_FALSE(unserved.is_out(kRouter));
}

}  // namespace
}  // namespace tandem::vrrpd::daemon

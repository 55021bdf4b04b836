// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/link_times.h"

#include <gtest/gtest.h>

namespace tandem::vrrpd::daemon {
namespace {

using std::chrono::seconds;

constexpr base::IfIndex kIndex{7};

netlink::Link link(std::uint32_t carrier_ups, bool running = true) {
  return {.index = kIndex,
          .name = "eth1",
          .mac = {},
          .admin_up = true,
          .running = running,
          .carrier_ups = carrier_ups,
          .macvlan = {}};
}
base::TimePoint at(int second) { return base::TimePoint(seconds(second)); }

TEST(LinkTimesTest, CountsFromTheFirstLook) {
  LinkTimes times;
  times.look(link(1), at(100));
  times.look(link(1), at(105));
  EXPECT_EQ(times.of(kIndex).since, at(100));
}

TEST(LinkTimesTest, CountsFromEachLinkUp) {
  LinkTimes times;
  times.look(link(1), at(100));
  times.look(link(1, false), at(110));
  EXPECT_EQ(times.of(kIndex).since, at(0));
  times.look(link(2), at(120));
  EXPECT_EQ(times.of(kIndex).since, at(120));
}

// The kernel reports the state alone: the link went down and came up before it did.
TEST(LinkTimesTest, NoticesALinkThatWasDownInBetween) {
  LinkTimes times;
  times.look(link(1), at(100));
  times.look(link(2), at(120));
  EXPECT_EQ(times.of(kIndex).since, at(120));
}

TEST(LinkTimesTest, ALinkThatIsSwitchedOffIsDown) {
  LinkTimes times;
  netlink::Link off = link(1);
  off.admin_up = false;
  times.look(off, at(100));
  times.look(link(1), at(110));  // whatever the kernel counts
  EXPECT_EQ(times.of(kIndex).since, at(110));
}

TEST(LinkTimesTest, AnotherWorkerGoesOnCounting) {
  LinkTimes former;
  former.look(link(1), at(100));
  LinkTimes next;
  next.look(link(1), at(120));
  next.resume();
  EXPECT_EQ(next.of(kIndex).since, at(0)) << "what nothing is known of has been up for long";
  next.recall(kIndex, former.of(kIndex), at(120));
  EXPECT_EQ(next.of(kIndex).since, at(100));
  next.recall(kIndex, {.since = at(500), .ups = 1}, at(120));
  EXPECT_EQ(next.of(kIndex).since, at(120)) << "never in the future";
}

TEST(LinkTimesTest, ALinkThatCameUpDuringTheHandOverCountsFromIt) {
  LinkTimes next;
  next.look(link(2), at(120));
  next.resume();
  next.recall(kIndex, {.since = at(100), .ups = 1}, at(120));
  EXPECT_EQ(next.of(kIndex).since, at(120));
}

TEST(LinkTimesTest, AnInterfaceThatComesAgainCountsAnew) {
  LinkTimes times;
  times.look(link(1), at(100));
  times.forget(kIndex);
  EXPECT_EQ(times.of(kIndex).since, at(0));
  times.look(link(1), at(130));
  EXPECT_EQ(times.of(kIndex).since, at(130));
}

}  // namespace
}  // namespace tandem::vrrpd::daemon

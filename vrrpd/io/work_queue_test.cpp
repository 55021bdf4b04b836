// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/work_queue.h"

#include <gtest/gtest.h>

namespace tandem::vrrpd::io {
namespace {

WorkItem router(std::uint32_t number) { return {WorkItem::Kind::router, number}; }

TEST(WorkQueue, GivesTheMostUrgentFirstAndNothingBelowTheMinimum) {
  WorkQueue queue;
  queue.add(router(1), Urgency::tidy);
  queue.add(router(2), Urgency::claim);
  queue.add(router(3), Urgency::release);
  EXPECT_EQ(queue.take(Urgency::claim), router(3));
  EXPECT_EQ(queue.take(Urgency::claim), router(2));
  EXPECT_EQ(queue.take(Urgency::claim), std::nullopt);
  EXPECT_TRUE(queue.has(Urgency::tidy));
  EXPECT_EQ(queue.take(Urgency::tidy), router(1));
  EXPECT_FALSE(queue.has(Urgency::tidy));
}

TEST(WorkQueue, HasEachObjectOnceWithTheUrgencyItWasLastGiven) {
  WorkQueue queue;
  queue.add(router(1), Urgency::release);
  queue.add(router(1), Urgency::tidy);
  EXPECT_FALSE(queue.has(Urgency::build));
  EXPECT_EQ(queue.take(Urgency::tidy), router(1));
  EXPECT_EQ(queue.take(Urgency::tidy), std::nullopt);
}

TEST(WorkQueue, TellsWhetherAllIsOfOneUrgency) {
  WorkQueue queue;
  EXPECT_FALSE(queue.has_other_than(Urgency::renew));
  queue.add(router(1), Urgency::renew);
  EXPECT_FALSE(queue.has_other_than(Urgency::renew));
  queue.add(router(2), Urgency::tidy);
  EXPECT_TRUE(queue.has_other_than(Urgency::renew));
  queue.remove(router(2));
  queue.add(router(2), Urgency::claim);
  EXPECT_TRUE(queue.has_other_than(Urgency::renew));
}

TEST(WorkQueue, ForgetsWhatIsRemoved) {
  WorkQueue queue;
  queue.add(router(1), Urgency::claim);
  queue.remove(router(1));
  queue.remove(router(2));
  EXPECT_FALSE(queue.has(Urgency::tidy));
}

}  // namespace
}  // namespace tandem::vrrpd::io

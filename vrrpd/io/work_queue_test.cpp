// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/agenda.h"

#include <gtest/gtest.h>

namespace tandem::vrrpd::io {
namespace {

Concern router(std::uint32_t number) { return {Concern::Kind::router, number}; }

TEST(Agenda, GivesTheMostUrgentFirstAndNothingBelowTheLeast) {
  Agenda agenda;
  agenda.add(router(1), Urgency::tidy);
  agenda.add(router(2), Urgency::claim);
  agenda.add(router(3), Urgency::release);
  EXPECT_EQ(agenda.take(Urgency::claim), router(3));
  EXPECT_EQ(agenda.take(Urgency::claim), router(2));
  EXPECT_EQ(agenda.take(Urgency::claim), std::nullopt);
  EXPECT_TRUE(agenda.has(Urgency::tidy));
  EXPECT_EQ(agenda.take(Urgency::tidy), router(1));
  EXPECT_FALSE(agenda.has(Urgency::tidy));
}

TEST(Agenda, HasEachObjectOnceWithTheUrgencyItWasLastGiven) {
  Agenda agenda;
  agenda.add(router(1), Urgency::release);
  agenda.add(router(1), Urgency::tidy);
  EXPECT_FALSE(agenda.has(Urgency::build));
  EXPECT_EQ(agenda.take(Urgency::tidy), router(1));
  EXPECT_EQ(agenda.take(Urgency::tidy), std::nullopt);
}

TEST(Agenda, TellsWhetherAllIsOfOneUrgency) {
  Agenda agenda;
  EXPECT_FALSE(agenda.has_other_than(Urgency::renew));
  agenda.add(router(1), Urgency::renew);
  EXPECT_FALSE(agenda.has_other_than(Urgency::renew));
  agenda.add(router(2), Urgency::tidy);
  EXPECT_TRUE(agenda.has_other_than(Urgency::renew));
  agenda.remove(router(2));
  agenda.add(router(2), Urgency::claim);
  EXPECT_TRUE(agenda.has_other_than(Urgency::renew));
}

TEST(Agenda, ForgetsWhatIsRemoved) {
  Agenda agenda;
  agenda.add(router(1), Urgency::claim);
  agenda.remove(router(1));
  agenda.remove(router(2));
  EXPECT_FALSE(agenda.has(Urgency::tidy));
}

}  // namespace
}  // namespace tandem::vrrpd::io

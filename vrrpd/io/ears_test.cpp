// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/ears.h"

#include <gmock/gmock.h>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

constexpr base::TimePoint kStart{100s};
constexpr base::IfIndex kOne{2};
constexpr base::IfIndex kOther{7};

TEST(Ears, TellOnceWhatSeveralChangesCameTo) {
  Ears ears;
  EXPECT_EQ(ears.take_change(), std::nullopt);
  for (std::uint32_t index = 1; index <= 300; ++index) {
    ears.add(base::IfIndex{index});
  }
  const auto heard = ears.take_change();
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->size(), 300U);
  EXPECT_EQ(ears.take_change(), std::nullopt);
  ears.add(kOne);
  EXPECT_EQ(ears.take_change(), std::nullopt) << "it was there";
  EXPECT_TRUE(ears.remove(kOne));
  EXPECT_FALSE(ears.remove(kOne));
  EXPECT_EQ(ears.take_change()->size(), 299U);
}

TEST(Ears, AnswerTheFirstAndRememberTheSecond) {
  Ears ears;
  ears.add(kOne);
  ears.add(kOther);
  ears.take_change();
  EXPECT_TRUE(ears.heard(kOne, kStart));
  EXPECT_EQ(ears.take_change(), std::nullopt);
  EXPECT_FALSE(ears.heard(kOne, kStart + 1ms));
  EXPECT_THAT(ears.take_change(), Optional(ElementsAre(kOther))) << "more of them need not be heard";
  EXPECT_FALSE(ears.heard(kOne, kStart + 2ms));
  EXPECT_EQ(ears.take_change(), std::nullopt);
  EXPECT_EQ(ears.deadline(), kStart + kSolicitationPause);
  EXPECT_THAT(ears.take_due(kStart + kSolicitationPause - 1ms), IsEmpty());
  EXPECT_THAT(ears.take_due(kStart + kSolicitationPause), ElementsAre(kOne));
  EXPECT_THAT(ears.take_change(), Optional(ElementsAre(kOne, kOther)));
  EXPECT_EQ(ears.deadline(), std::nullopt);
}

TEST(Ears, HearNothingElsewhere) {
  Ears ears;
  EXPECT_FALSE(ears.heard(kOne, kStart));
  EXPECT_EQ(ears.deadline(), std::nullopt);
}

}  // namespace
}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
#include "lib/os/descriptors.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace tandem::os {
namespace {

class DescriptorsTest : public testing::Test {
 protected:
  DescriptorsTest() { ::getrlimit(RLIMIT_NOFILE, &before_); }
  ~DescriptorsTest() override { ::setrlimit(RLIMIT_NOFILE, &before_); }

  static rlim_t soft() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur;
  }
  void set_soft(rlim_t count) const {
    const rlimit limit{count, before_.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
  }

  rlimit before_{};
};

TEST_F(DescriptorsTest, AllowsAsManyAsTheyMay) {
  set_soft(100);
  EXPECT_TRUE(allow_descriptors(50, 120));
  EXPECT_EQ(soft(), 120U);
  EXPECT_TRUE(allow_descriptors(50, 110)) << "never fewer than before";
  EXPECT_EQ(soft(), 120U);
}

TEST_F(DescriptorsTest, SaysThatTheyAreTooFew) {
  set_soft(100);
  const auto allowed = allow_descriptors(200, 150);
  ASSERT_FALSE(allowed);
  EXPECT_NE(allowed.error().message.find("the limit of open files is 150, and 200 are needed"), std::string::npos);
  EXPECT_EQ(soft(), 100U);
}

TEST_F(DescriptorsTest, TheLastOnesAreReserved) {
  set_soft(100);
  EXPECT_TRUE(leaves_room(79, 20));
  EXPECT_FALSE(leaves_room(80, 20));
}

}  // namespace
}  // namespace tandem::os

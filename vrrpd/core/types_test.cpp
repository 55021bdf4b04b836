// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/types.h"

#include <gtest/gtest.h>

#include <set>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;

TEST(CauseTest, EachReadsDifferently) {
  std::set<std::string_view> texts;
  for (auto cause = Cause::startup; cause <= Cause::reconfigured;
       cause = static_cast<Cause>(static_cast<int>(cause) + 1)) {
    EXPECT_TRUE(texts.insert(to_string(cause)).second) << to_string(cause);
  }
}

TEST(InitializeReasonTest, EachReadsDifferentlyAndNamesTheInterfaceThatIsToBlame) {
  std::set<std::string> texts;
  for (auto reason = InitializeReason::shutdown; reason <= InitializeReason::other_vrf;
       reason = static_cast<InitializeReason>(static_cast<int>(reason) + 1)) {
    EXPECT_TRUE(texts.insert(describe(reason, "eth1")).second) << describe(reason, "eth1");
  }
  EXPECT_EQ(describe(InitializeReason::interface_down, "eth1"), "interface eth1 is down");
}

TEST(RouterConfigTest, ComparesTheAddressesThemselves) {
  RouterConfig one = v3_config();
  RouterConfig other = v3_config();
  EXPECT_EQ(one, other) << "the same addresses in another list";
  other.addresses = list({"10.0.0.17"});
  EXPECT_FALSE(one == other);
}

}  // namespace
}  // namespace tandem::vrrpd::core

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/filter/filter.h"

#include <gmock/gmock.h>

#include "vrrpd/filter/script.h"
#include "vrrpd/filter/testing.h"

namespace tandem::vrrpd::filter {
namespace {

using testing::address;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

// The commands that were run, and whether a session exists.
struct Kernel {
  std::vector<std::string> run;
  int sessions = 0;
  std::string refusal;  // empty: every command succeeds
};

class FakeSession final : public nft::Session {
 public:
  explicit FakeSession(Kernel& kernel) : kernel_(kernel) { ++kernel_.sessions; }
  ~FakeSession() override { --kernel_.sessions; }
  base::Result<> run(const std::string& commands) override {
    if (!kernel_.refusal.empty()) {
      return base::fail("{}", kernel_.refusal);
    }
    kernel_.run.push_back(commands);
    return {};
  }

 private:
  Kernel& kernel_;
};

class FilterTest : public ::testing::Test {
 protected:
  Filter filter(const std::string& instance = "") {
    return Filter(instance, [this]() -> base::Result<std::unique_ptr<nft::Session>> {
      return std::make_unique<FakeSession>(kernel_);
    });
  }

  Kernel kernel_;
  const Rules deaf_{.deaf = {{address("10.0.0.1"), ""}, {address("2001:db8::1"), ""}}, .mute = {}};
  const Rules mute_{.deaf = {}, .mute = {{address("10.0.0.1"), "eth1"}, {address("2001:db8::1"), "eth1"}}};
};

TEST_F(FilterTest, DoesNothingToTheKernelWithoutRules) {
  Filter filter = this->filter();
  EXPECT_TRUE(filter.load({}));
  EXPECT_EQ(kernel_.sessions, 0);
}

TEST_F(FilterTest, LoadsOnceWhatIsTheSame) {
  Filter filter = this->filter();
  EXPECT_TRUE(filter.load(deaf_));
  EXPECT_TRUE(filter.load(deaf_));
  EXPECT_THAT(kernel_.run, SizeIs(1));
}

TEST_F(FilterTest, ReplacesItsTablesInOneTransaction) {
  Filter filter = this->filter();
  ASSERT_TRUE(filter.load(deaf_));
  ASSERT_TRUE(filter.load(united(deaf_, mute_)));
  ASSERT_TRUE(filter.load(deaf_));
  ASSERT_THAT(kernel_.run, SizeIs(3));
  EXPECT_THAT(kernel_.run[0], StartsWith("create table inet tandem"));
  EXPECT_THAT(kernel_.run[1], StartsWith("delete table inet tandem\ncreate table inet tandem"));
  EXPECT_THAT(kernel_.run[2],
              StartsWith("delete table inet tandem\ndelete table arp tandem\ncreate table inet tandem"));
  EXPECT_THAT(kernel_.run[2], Not(HasSubstr("create table arp")));
}

TEST_F(FilterTest, AnInstanceHasTablesOfItsName) {
  Filter filter = this->filter("lab");
  ASSERT_TRUE(filter.load(mute_));
  EXPECT_THAT(kernel_.run[0], HasSubstr("create table inet tandem-lab {"));
  EXPECT_THAT(kernel_.run[0], HasSubstr("create table arp tandem-lab {"));
}

TEST_F(FilterTest, EndsItsSessionWithTheLastRule) {
  Filter filter = this->filter();
  ASSERT_TRUE(filter.load(deaf_));
  ASSERT_TRUE(filter.load({}));
  EXPECT_EQ(kernel_.sessions, 0);
  EXPECT_TRUE(filter.loaded().empty());
}

TEST_F(FilterTest, ARefusalNamesTheTableAndChangesNothing) {
  Filter filter = this->filter();
  kernel_.refusal = "Operation not supported";
  const auto refused = filter.load(deaf_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "packet filter (nftables table tandem): Operation not supported");
  EXPECT_EQ(kernel_.sessions, 0);
  kernel_.refusal.clear();
  ASSERT_TRUE(filter.load(deaf_));
  kernel_.refusal = "No buffer space available";
  EXPECT_FALSE(filter.load(mute_));
  EXPECT_EQ(filter.loaded(), deaf_);
  EXPECT_EQ(kernel_.sessions, 1) << "what was loaded would go with the session";
}

TEST_F(FilterTest, ANameThatNftWouldMisunderstandIsRefused) {
  Filter filter = this->filter();
  const auto refused = filter.load({.deaf = {}, .mute = {{address("10.0.0.1"), "eth*"}}});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("eth*"));
  EXPECT_THAT(kernel_.run, IsEmpty());
}

TEST(Script, TheMachineItselfAndNeighbourDiscoveryComeBeforeAnyDrop) {
  const std::string text = script({}, {.deaf = {{address("2001:db8::1"), ""}}, .mute = {}}, "tandem");
  EXPECT_LT(text.find("iifname \"lo\" accept"), text.find(" drop"));
  EXPECT_LT(text.find("nd-neighbor-solicit"), text.find(" drop"));
  EXPECT_THAT(text, HasSubstr("ip6 daddr @deaf6 drop"));
}

TEST(Script, ASolicitationIsKnownByTheAddressInIt) {
  const std::string text = script({}, {.deaf = {}, .mute = {{address("2001:db8::1"), "eth1"}}}, "tandem");
  EXPECT_THAT(text, HasSubstr("iifname \"eth1\" icmpv6 type nd-neighbor-solicit @th,64,128 "
                              "0x20010db8000000000000000000000001 drop"));
}

}  // namespace
}  // namespace tandem::vrrpd::filter

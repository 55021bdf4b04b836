// SPDX-License-Identifier: Apache-2.0
// Which transactions are made. What they do is tried on the kernel, by tests/topotests/test_arrival.py.
#include "vrrpd/io/ingress.h"

#include <gmock/gmock.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::io {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

// The kinds of messages in a transaction: NFT_MSG_….
std::vector<unsigned> kinds_of(std::span<const std::byte> transaction) {
  std::vector<unsigned> kinds;
  while (transaction.size() >= sizeof(nlmsghdr)) {
    nlmsghdr header{};
    std::memcpy(&header, transaction.data(), sizeof header);
    EXPECT_LE(header.nlmsg_len, transaction.size());
    if (header.nlmsg_type >= NLMSG_MIN_TYPE + 2) {  // not the begin and the end of the batch
      kinds.push_back(header.nlmsg_type & 0xffU);
    }
    transaction = transaction.subspan(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), transaction.size()));
  }
  return kinds;
}

Rewrite rewrite(unsigned vrid, core::Family family = core::Family::ipv4, std::uint8_t mac = 1) {
  return {.parent = base::IfIndex{3},
          .name = "eth1",
          .mac = {{2, 0, 0, 0, 0, mac}},
          .virtual_mac = packet::virtual_mac(core::Vrid(vrid), family)};
}

class IngressTest : public ::testing::Test {
 protected:
  std::vector<std::vector<unsigned>> run;
  int refusals = 0;  // of the next transactions
  Ingress ingress{"", [this](std::span<const std::byte> transaction) -> base::Result<> {
                    run.push_back(kinds_of(transaction));
                    if (refusals > 0) {
                      --refusals;
                      return base::Unexpected<base::Error>(base::Error{"No such file or directory", ENOENT});
                    }
                    return {};
                  }};
};

TEST_F(IngressTest, TheFirstChangeReplacesWhatAWorkerBeforeHasLeft) {
  ASSERT_TRUE(ingress.change({}));
  ASSERT_EQ(run.size(), 1U);
  EXPECT_THAT(run[0], ElementsAre(NFT_MSG_NEWTABLE, NFT_MSG_NEWTABLE, NFT_MSG_DELTABLE, NFT_MSG_DELTABLE));
  ASSERT_TRUE(ingress.change({.removed = {}, .added = {rewrite(5)}}));
  ASSERT_EQ(run.size(), 2U);
  EXPECT_THAT(run[1], Contains(NFT_MSG_DELTABLE));
  EXPECT_THAT(run[1], Contains(NFT_MSG_NEWCHAIN).Times(2));
}

TEST_F(IngressTest, AFurtherRouterIsAnElementAndNoRule) {
  ASSERT_TRUE(ingress.change({.removed = {}, .added = {rewrite(5)}}));
  ASSERT_TRUE(ingress.change({.removed = {}, .added = {rewrite(6)}}));
  EXPECT_THAT(run.back(), ElementsAre(NFT_MSG_NEWSETELEM, NFT_MSG_NEWSETELEM)) << "the second one: no redirects";
  ASSERT_TRUE(ingress.change({.removed = {rewrite(6)}, .added = {}}));
  EXPECT_THAT(run.back(), ElementsAre(NFT_MSG_DELSETELEM)) << "the other one still wants no redirects";
}

TEST_F(IngressTest, AFullSetFitsIntoAnAttribute) {
  RewriteChanges changes;
  for (unsigned vrid = 1; vrid <= 255; ++vrid) {
    changes.added.push_back(rewrite(vrid));
    changes.added.push_back(rewrite(vrid, core::Family::ipv6));
  }
  ingress.set_lease(std::chrono::seconds(10));
  ASSERT_TRUE(ingress.change(changes));
  ASSERT_TRUE(ingress.renew());
  EXPECT_THAT(run.back(), Not(Contains(NFT_MSG_NEWRULE)));
}

TEST_F(IngressTest, TheChainStaysForTheNextClaimAndGoesWithTheNextRenewal) {
  ASSERT_TRUE(ingress.change({.removed = {}, .added = {rewrite(5)}}));
  ASSERT_TRUE(ingress.change({.removed = {rewrite(5)}, .added = {}}));
  EXPECT_THAT(run.back(), Not(Contains(NFT_MSG_DELCHAIN)));
  ASSERT_TRUE(ingress.change({.removed = {}, .added = {rewrite(5)}}));
  EXPECT_THAT(run.back(), ElementsAre(NFT_MSG_NEWSETELEM, NFT_MSG_NEWSETELEM));
  ASSERT_TRUE(ingress.change({.removed = {rewrite(5)}, .added = {}}));
  ASSERT_TRUE(ingress.renew());
  EXPECT_THAT(run.back(), Contains(NFT_MSG_DELTABLE).Times(2));
  const std::size_t transactions = run.size();
  ASSERT_TRUE(ingress.renew());
  EXPECT_EQ(run.size(), transactions) << "nothing is there to be renewed";
}

TEST_F(IngressTest, AnotherMacAddressMakesTheRulesAnewInOneTransaction) {
  ASSERT_TRUE(ingress.change({.removed = {}, .added = {rewrite(5)}}));
  const std::size_t transactions = run.size();
  ASSERT_TRUE(ingress.change({.removed = {rewrite(5)}, .added = {rewrite(5, core::Family::ipv4, 2)}}));
  EXPECT_EQ(run.size(), transactions + 1);
  EXPECT_THAT(run.back(), Contains(NFT_MSG_DELTABLE));
  EXPECT_THAT(run.back(), Contains(NFT_MSG_NEWRULE));
}

TEST_F(IngressTest, WhatTheKernelHasForgottenIsMadeAnew) {
  ASSERT_TRUE(ingress.change({.removed = {}, .added = {rewrite(5), rewrite(6)}}));
  refusals = 1;
  ASSERT_TRUE(ingress.change({.removed = {rewrite(6)}, .added = {}}));
  EXPECT_THAT(run.back(), Contains(NFT_MSG_NEWCHAIN));
  refusals = 1;
  ASSERT_TRUE(ingress.renew());
  EXPECT_THAT(run.back(), Contains(NFT_MSG_NEWCHAIN));
}

TEST_F(IngressTest, ARefusalIsReportedAndTriedAgainWithTheNextRenewal) {
  refusals = 1;
  EXPECT_EQ(ingress.change({.removed = {}, .added = {rewrite(5)}}).error().code, ENOENT);
  ASSERT_TRUE(ingress.renew());
  EXPECT_THAT(run.back(), Contains(NFT_MSG_NEWCHAIN));
}

TEST_F(IngressTest, WhereNothingCanBeNothingIsMissed) {
  refusals = 2;
  EXPECT_TRUE(ingress.change({}));
  EXPECT_TRUE(ingress.renew());
}

}  // namespace
}  // namespace tandem::vrrpd::io

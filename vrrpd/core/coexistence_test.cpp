// SPDX-License-Identifier: Apache-2.0
// Version 2 beside version 3 (RFC 9568 §8.4.2). Our interval is 100 ms, which differs visibly from version 2's whole
// seconds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;
using base::Centiseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

RouterConfig both_versions() {
  RouterConfig config = v3_config();
  config.also_version_2 = true;
  config.advertisement_interval = 100ms;
  return config;
}

std::vector<packet::Advertisement> adverts(const Actions& actions) {
  std::vector<packet::Advertisement> sent;
  for (const Action& action : actions) {
    if (const auto* send = std::get_if<SendAdvertisement>(&action.what)) {
      sent.push_back(send->advertisement);
    }
  }
  return sent;
}

std::vector<Version> versions(const Actions& actions) {
  std::vector<Version> result;
  for (const packet::Advertisement& sent : adverts(actions)) {
    result.push_back(sent.version);
  }
  return result;
}

constexpr Duration kDown = 300ms + 60937us;  // priority 100 at 100 ms
const Peer kVersion3{.priority = 200, .interval = Centiseconds(10)};
const Peer kVersion2{.priority = 200, .interval = Centiseconds(100), .version = Version::v2};

TEST(CoexistenceTest, MasterSendsBothAtItsOwnRate) {
  Subject s(both_versions());
  s.become_master();
  s.wait(200ms);
  const Actions actions = s.take();
  EXPECT_THAT(versions(actions), ElementsAre(Version::v3, Version::v2, Version::v3, Version::v2));
  EXPECT_EQ(packet::wire_interval(Version::v2, adverts(actions).at(1).interval), Centiseconds(100));
  EXPECT_EQ(adverts(actions).at(1).checksum, ChecksumForm::message_only);
}

TEST(CoexistenceTest, MasterReleasesInBoth) {
  Subject s(both_versions());
  s.become_master().handle(StopRequested{});
  const auto sent = adverts(s.take());
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].priority, 0);
  EXPECT_EQ(sent[1].priority, 0);
}

TEST(CoexistenceTest, BackupTimesOutOnTheRateOfAMasterOfVersion2) {
  Subject s(both_versions());
  s.hear(kVersion2);
  EXPECT_EQ(s.left(), kMasterDown);
}

TEST(CoexistenceTest, Version2OfWhoSpeaksVersion3IsIgnored) {
  Subject s(both_versions());
  s.hear(kVersion3);
  s.wait(50ms);
  s.hear(kVersion2);
  EXPECT_EQ(s.left(), kDown - 50ms);
  EXPECT_EQ(s.statistics().advertisements_received, 1U);
}

TEST(CoexistenceTest, Version2OfAnotherRouterIsNot) {
  Subject s(both_versions());
  s.hear(kVersion3);
  Peer another = kVersion2;
  another.address = kLower;
  s.hear(another);
  EXPECT_EQ(s.left(), kMasterDown);
}

TEST(CoexistenceTest, Version2CountsAgainWhenVersion3HasEnded) {
  Subject s(both_versions());
  s.hear(kVersion3);
  s.wait(320ms);
  s.hear(kVersion2);
  EXPECT_EQ(s.left(), kMasterDown);
}

TEST(CoexistenceTest, MasterGivesWayToEitherVersion) {
  for (const Peer& peer : {kVersion2, kVersion3}) {
    Subject s(both_versions());
    s.become_master().hear(peer);
    EXPECT_EQ(s.state(), State::backup);
  }
}

TEST(CoexistenceTest, RouterOfVersion3AloneIsMentionedOnce) {
  Subject s(both_versions());
  for (int i = 0; i < 10; ++i) {
    s.hear(kVersion3);
  }
  EXPECT_THAT(s.did(), ElementsAre("Backup: startup", "no version 2"));
}

TEST(CoexistenceTest, RouterOfBothIsNotMentioned) {
  Subject s(both_versions());
  s.did();
  for (int i = 0; i < 10; ++i) {
    s.hear(kVersion3);
    s.hear(kVersion2);
  }
  EXPECT_THAT(s.did(), IsEmpty());
}

TEST(CoexistenceTest, WholeSecondsOfVersion2AreNoOtherInterval) {
  Subject s(both_versions());
  s.hear(kVersion2);
  EXPECT_EQ(s.statistics().interval_mismatches, 0U);
}

TEST(CoexistenceTest, PeersHearOfTheChangeAtOnce) {
  Subject s(v3_config());
  s.become_master();
  s.config.also_version_2 = true;
  s.reconfigure();
  EXPECT_THAT(versions(s.take()), ElementsAre(Version::v3, Version::v2));
}

TEST(CoexistenceTest, TwoOfBothElectOneAndTheOtherIsSilent) {
  Subject s(both_versions());
  s.become_master();
  s.hear(kVersion3);
  s.hear(kVersion2);
  s.did();
  for (int i = 0; i < 20; ++i) {
    s.wait(100ms);
    s.hear(kVersion3);
    s.hear(kVersion2);
  }
  EXPECT_THAT(s.did(), IsEmpty());
  EXPECT_EQ(s.state(), State::backup);
}

}  // namespace
}  // namespace tandem::vrrpd::core

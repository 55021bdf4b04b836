// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;
using base::Centiseconds;

// The advert would move the timer if the router accepted it.
void expect_dropped(RouterConfig config, const Peer& peer, Drop reason) {
  Subject s(std::move(config));
  s.did();
  s.wait(1s);
  s.hear(peer);
  EXPECT_EQ(s.did(), Texts{fmt::format("dropped {}", packet::info(reason).name)});
  EXPECT_EQ(s.left(), kMasterDown - 1s) << "R33: no effect";
  EXPECT_EQ(s.statistics().drops[reason], 1U);
  EXPECT_EQ(s.statistics().drops.total(), 1U);
  EXPECT_EQ(s.statistics().advertisements_received, 0U);
}

// R19.
TEST(AdmissionTest, OtherVersionIsDropped) {
  expect_dropped(v3_config(), {.priority = 200, .version = Version::v2}, Drop::version);
  expect_dropped(v2_config(), {.priority = 200, .version = Version::v3}, Drop::version);
}

// R30, R32.
TEST(AdmissionTest, V2DropsWhatDiffersFromOurs) {
  expect_dropped(v2_config(), {.priority = 200, .interval = Centiseconds(200), .version = Version::v2},
                 Drop::interval_mismatch);
  expect_dropped(v2_config(), {.priority = 200, .addresses = list({"10.0.0.17"}), .version = Version::v2},
                 Drop::address_list);
  expect_dropped(v2_config(), {.priority = 200, .addresses = list({kVirtual, "10.0.0.17"}), .version = Version::v2},
                 Drop::address_list);
}

// RFC 3768 §7.1: the owner's list counts.
TEST(AdmissionTest, V2AcceptsAnotherListFromAnOwner) {
  Subject s(v2_config());
  s.did();
  s.hear({.priority = 255, .addresses = list({"10.0.0.17"}), .version = Version::v2});
  EXPECT_EQ(s.did(), Texts{"address list mismatch"});
  EXPECT_EQ(s.router().master()->priority, 255);
}

// R31, R32: v3 logs a difference and never drops for it.
TEST(AdmissionTest, V3MentionsWhatDiffersFromOurs) {
  Subject s;
  s.did();
  s.hear({.priority = 200, .interval = Centiseconds(50), .addresses = list({kVirtual, "10.0.0.17"})});
  EXPECT_EQ(s.did(), (Texts{"interval mismatch", "address list mismatch"}));
  EXPECT_EQ(s.router().master()->priority, 200);
  EXPECT_EQ(s.statistics().interval_mismatches, 1U);
  EXPECT_EQ(s.statistics().address_list_mismatches, 1U);
  EXPECT_EQ(s.statistics().drops.total(), 0U);
}

TEST(AdmissionTest, OrderOfTheListDoesNotMatterButItsContentDoes) {
  RouterConfig config = v3_config();
  config.addresses = list({"10.0.0.16", "10.0.0.17"});
  Subject s(config);
  s.did();
  s.hear({.priority = 200, .addresses = list({"10.0.0.17", "10.0.0.16"})});
  EXPECT_EQ(s.did(), Texts{});
  s.hear({.priority = 200, .addresses = list({"10.0.0.16", "10.0.0.16"})});
  EXPECT_EQ(s.did(), Texts{"address list mismatch"}) << "one address twice is not two";
}

// R24, R103: logged, then processed.
TEST(AdmissionTest, OwnerMentionsAnotherOwner) {
  InterfaceStatus status = good_status();
  status.addresses.push_back(ip(kVirtual));
  Subject s(v3_config(), status);
  s.did();
  s.hear({.priority = 255, .address = kLower});
  EXPECT_EQ(s.did(), (Texts{"owner conflict", "send 255"}));
  EXPECT_EQ(s.statistics().owner_conflicts, 1U);
}

TEST(ChecksumTest, AutomaticSendsThePseudoheaderUntilAnotherFormIsHeard) {
  Subject s;
  s.did();
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::pseudoheader);
  s.hear({.priority = 200});
  EXPECT_EQ(s.did(), Texts{});
  s.hear({.priority = 200, .checksum = ChecksumForm::message_only});
  EXPECT_EQ(s.did(), Texts{"checksum form changed"});
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::message_only);
  EXPECT_EQ(s.statistics().message_only_received, 1U);
  s.become_master();
  s.wait(1s);
  const Actions actions = s.take();
  EXPECT_EQ(std::get<SendAdvertisement>(actions.at(0).what).advertisement.checksum, ChecksumForm::message_only);
}

// The router learns only from valid adverts. Otherwise any host could make two routers deaf to each other.
TEST(ChecksumTest, AutomaticDoesNotLearnFromWhatIsDropped) {
  Subject s;
  s.hear({.priority = 200, .address = kOwn, .checksum = ChecksumForm::message_only});
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::pseudoheader);
}

// Any host can send an advert of lower priority. If the router learned from it, that host could make it deaf to its
// peers.
TEST(ChecksumTest, AutomaticDoesNotLearnFromAnAdvertThatIsNotFollowed) {
  const Peer loser{.priority = 50, .checksum = ChecksumForm::message_only};
  Subject s;
  s.hear(loser);
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::pseudoheader) << "as Backup";
  s.become_master();
  s.wait(1s);
  s.hear(loser);
  s.hear(loser);
  s.wait(499ms);
  s.hear(loser);
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::pseudoheader) << "nor from a burst";
  s.wait(4s);
  s.hear(loser);
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::pseudoheader) << "nor from one now and then";
  s.wait(1s);
  s.hear({.priority = 50, .address = kLower, .checksum = ChecksumForm::message_only});
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::pseudoheader) << "nor from different hosts";
}

TEST(ChecksumTest, AutomaticLearnsFromAMasterThatGoesOn) {
  const Peer deaf{.priority = 50, .checksum = ChecksumForm::message_only};
  Subject s;
  s.become_master();
  s.hear(deaf);
  s.wait(1s);
  s.did();
  s.hear(deaf);
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::message_only);
  EXPECT_EQ(s.did().front(), "checksum form changed");
}

TEST(ChecksumTest, AutomaticLearnsFromWhoWins) {
  Subject s;
  s.become_master();
  s.hear({.priority = 200, .checksum = ChecksumForm::message_only});
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::message_only);
}

// The log names the addresses that differ.
TEST(AdmissionTest, SaysWhichAddressesDiffer) {
  RouterConfig config = v3_config();
  config.addresses = list({"10.0.0.16", "10.0.0.17", "10.0.0.18"});
  Subject s(config);
  s.take();
  s.hear({.priority = 200, .addresses = list({"10.0.0.17", "10.0.0.99", "10.0.0.17"})});
  const Actions actions = s.take();
  ASSERT_EQ(actions.size(), 1U);
  const AddressDifference difference = std::get<Noticed>(actions[0].what).difference;
  EXPECT_EQ(difference.lacking, 2U);
  EXPECT_EQ(difference.first_lacking, ip("10.0.0.16"));
  EXPECT_EQ(difference.beside, 2U) << "one that is listed twice counts";
  EXPECT_EQ(difference.first_beside, ip("10.0.0.99"));
}

TEST(ChecksumTest, PinnedFormExcludesTheOther) {
  RouterConfig config = v3_config();
  config.checksum = ChecksumMode::pseudoheader;
  expect_dropped(config, {.priority = 200, .checksum = ChecksumForm::message_only}, Drop::checksum);
  config.checksum = ChecksumMode::message_only;
  expect_dropped(config, {.priority = 200, .checksum = ChecksumForm::pseudoheader}, Drop::checksum);
  EXPECT_EQ(Subject(config).router().checksum_sent(), ChecksumForm::message_only);
}

TEST(ChecksumTest, PinningChangesNothingWhereThereIsOneForm) {
  RouterConfig v2 = v2_config();
  v2.checksum = ChecksumMode::pseudoheader;
  Subject s(v2);
  s.hear({.priority = 200, .checksum = ChecksumForm::message_only, .version = Version::v2});
  EXPECT_EQ(s.statistics().advertisements_received, 1U);
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::message_only);
}

TEST(ChecksumTest, Ipv6AlwaysHasThePseudoheader) {
  RouterConfig config = v3_config();
  config.family = Family::ipv6;
  config.addresses = list({"fe80::5e00:205"});
  config.checksum = ChecksumMode::message_only;
  InterfaceStatus status = good_status();
  status.primary = ip("fe80::1");
  status.addresses = {ip("fe80::1")};
  Subject s(config, status);
  EXPECT_EQ(s.router().checksum_sent(), ChecksumForm::pseudoheader);
  s.hear({.priority = 200, .address = "fe80::2", .addresses = config.addresses});
  EXPECT_EQ(s.router().master()->address, ip("fe80::2")) << "the pinned form concerns IPv4";
}

TEST(RejectedPacketTest, IsCountedByReason) {
  Subject s;
  s.handle(PacketRejected{Drop::ttl, ip(kHigher)});
  s.handle(PacketRejected{Drop::ttl, ip(kHigher)});
  s.handle(PacketRejected{Drop::auth_type, ip(kHigher)});
  EXPECT_EQ(s.statistics().drops[Drop::ttl], 2U);
  EXPECT_EQ(s.statistics().drops[Drop::auth_type], 1U);
}

}  // namespace
}  // namespace tandem::vrrpd::core

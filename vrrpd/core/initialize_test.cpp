// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;

InterfaceStatus owner_status() {
  InterfaceStatus status = good_status();
  status.addresses.push_back(ip(kVirtual));
  return status;
}

// The reason is the first that an operator has to remove; removing one after the other shows each, and at the end it
// starts.
TEST(InitializeTest, SaysWhatStandsInTheWayInTheOrderOfRemoval) {
  RouterConfig config = v3_config();
  config.shutdown = true;
  config.addresses = list({});
  Subject s(config, {});
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::shutdown);
  s.config.shutdown = false;
  s.reconfigure();
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::no_interface);
  s.status.present = true;
  s.status.other_vrf = true;
  s.update_status();
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::other_vrf);
  s.status.other_vrf = false;
  s.update_status();
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::interface_down);
  s.status.up = true;
  s.update_status();
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::no_primary_address);
  s.status.primary = ip(kOwn);
  s.update_status();
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::no_virtual_addresses);
  s.config.addresses = list({kVirtual});
  s.reconfigure();
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::no_device);
  EXPECT_EQ(s.did(), Texts{});
  s.status.device_ready = true;
  s.update_status();
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::none);
  EXPECT_EQ(s.did(), Texts{"Backup: startup"});
}

TEST(InitializeTest, NothingStartsAgainAfterStop) {
  Subject s;
  s.handle(StopRequested{});
  s.did();
  s.update_status();
  s.config.priority = 200;
  s.reconfigure();
  EXPECT_EQ(s.did(), Texts{});
  EXPECT_EQ(s.router().initialize_reason(), InitializeReason::stopping);
}

// R37.
TEST(InitializeTest, OwnerIsMasterAtOnce) {
  Subject s(v3_config(), owner_status());
  EXPECT_EQ(s.did(),
            (Texts{"send 255", "claim", "announce 10.0.0.16", "Master: a virtual address is the interface's own"}));
  EXPECT_EQ(s.left(), 1s);
  EXPECT_TRUE(s.router().is_owner());
}

// R38, R74: counts from the start, with our own interval.
TEST(InitializeTest, OthersWaitForOneMasterDownInterval) {
  Subject s;
  EXPECT_EQ(s.state(), State::backup);
  EXPECT_EQ(s.left(), kMasterDown);
  EXPECT_EQ(s.router().master_advertisement_interval(), 1s);
  EXPECT_FALSE(s.router().master().has_value());
}

TEST(InitializeTest, TimersAreZero) {
  Subject s(v3_config(), {});
  EXPECT_EQ(s.router().current_skew_time(), 0s);
  EXPECT_EQ(s.router().current_master_down_interval(), 0s);
  EXPECT_EQ(s.router().master_advertisement_interval(), 0s);
}

TEST(InitializeTest, AdvertsAreNotCounted) {
  Subject s(v3_config(), {});
  s.hear({.priority = 200});
  EXPECT_EQ(s.statistics().advertisements_received, 0U);
}

TEST(InitializeTest, LinkThatComesBackStartsFromTheBeginning) {
  Subject s;
  s.hear({.priority = 200, .interval = base::Centiseconds(10)});
  s.status.up = false;
  s.update_status();
  s.wait(10s);
  s.did();
  s.status.up = true;
  s.update_status();
  EXPECT_EQ(s.did(), Texts{"Backup: startup"});
  EXPECT_EQ(s.left(), kMasterDown) << "what was learned from a Master belongs to the past";
  EXPECT_FALSE(s.router().master().has_value());
}

TEST(OwnerTest, AnyOfTheVirtualAddressesMakesIt) {
  RouterConfig config = v3_config();
  config.addresses = list({"10.0.0.99", kVirtual});
  EXPECT_EQ(Subject(config, owner_status()).router().effective_priority(), 255);
  config.addresses = list({"10.0.0.99"});
  EXPECT_EQ(Subject(config, owner_status()).router().effective_priority(), 100);
}

TEST(OwnerTest, BackupThatBecomesOwnerTakesOver) {
  Subject s;
  s.hear({.priority = 200});
  s.did();
  s.status = owner_status();
  s.update_status();
  EXPECT_EQ(s.did(), (Texts{"send 255", "claim", "announce 10.0.0.16",
                            "Master: a virtual address is the interface's own (10.0.0.20 priority 200)"}));
}

TEST(OwnerTest, BackupThatIsConfiguredToOwnTakesOver) {
  Subject s;
  s.did();
  s.config.addresses = list({kOwn});
  s.reconfigure();
  EXPECT_EQ(s.state(), State::master);
  EXPECT_EQ(s.did().front(), "send 255");
}

// It stays Master: another may preempt it now.
TEST(OwnerTest, MasterThatStopsToBeOwnerSaysItsNewPriority) {
  Subject s(v3_config(), owner_status());
  s.did();
  s.wait(100ms);
  s.status = good_status();
  s.update_status();
  EXPECT_EQ(s.did(), Texts{"send 100"});
  EXPECT_EQ(s.left(), 1s);
}

TEST(OwnerTest, OwnerWhoLostToAnotherStaysBackupUntilThatOneIsGone) {
  Subject s(v3_config(), owner_status());
  s.hear({.priority = 255});
  EXPECT_EQ(s.state(), State::backup);
  s.update_status();
  s.reconfigure();
  EXPECT_EQ(s.state(), State::backup) << "it was owner before: nothing new";
  s.wait(3003906us);
  EXPECT_EQ(s.state(), State::master);
}

}  // namespace
}  // namespace tandem::vrrpd::core

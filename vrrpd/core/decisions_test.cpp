// SPDX-License-Identifier: Apache-2.0
// The states by themselves: each returns its decision, and leaves the transition to Router.
#include <gtest/gtest.h>

#include <array>

#include "vrrpd/core/backup.h"
#include "vrrpd/core/initialize.h"
#include "vrrpd/core/master.h"
#include "vrrpd/core/testing.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;

constexpr TimePoint kStart{};

RouterData router_in(State state) {
  RouterData router(RouterId{1}, v3_config(), good_status());
  router.saved.state = state;
  return router;
}

packet::ReceivedAdvertisement advert(std::uint8_t priority, const char* from) {
  static constexpr std::array<std::uint8_t, 4> kAddresses{10, 0, 0, 16};
  return {{Version::v3, Vrid(5), priority, base::Centiseconds(100), ChecksumForm::pseudoheader},
          ip(from),
          packet::AddressView(Family::ipv4, kAddresses)};
}

TEST(InitializeDecisionTest, GoesToBackupToMasterOrStays) {
  RouterData router = router_in(State::initialize);
  EXPECT_EQ(state_after_initialize(router, kStart), State::backup);
  router.owner = true;
  EXPECT_EQ(state_after_initialize(router, kStart), State::master);
  router.config.startup_delay = 1s;
  EXPECT_EQ(state_after_initialize(router, kStart), State::backup);
  router.status.device_ready = false;
  EXPECT_EQ(state_after_initialize(router, kStart), State::initialize);
}

TEST(BackupDecisionTest, TakesOverWhenTheMasterIsDown) {
  RouterData router = router_in(State::backup);
  Actions actions;
  enter_backup(router, kStart);
  follow(router, advert(200, kHigher), kStart, actions);
  EXPECT_EQ(backup_deadline(router), kStart + kMasterDown);
  EXPECT_FALSE(advance_backup(router, kStart + kMasterDown - 1us, actions));
  const std::optional<Takeover> takeover = advance_backup(router, kStart + kMasterDown, actions);
  ASSERT_TRUE(takeover);
  EXPECT_EQ(takeover->cause, Cause::master_down);
  EXPECT_EQ(takeover->peer->address, ip(kHigher));
  EXPECT_EQ(router.saved.state, State::backup);
  EXPECT_EQ(to_texts(actions), Texts{});
}

TEST(MasterDecisionTest, StepsDownForHigherPriorityOrAHigherAddress) {
  RouterData router = router_in(State::master);
  Actions actions;
  EXPECT_EQ(receive_in_master(router, advert(101, kLower), kStart, actions), Cause::higher_priority);
  EXPECT_EQ(receive_in_master(router, advert(100, kHigher), kStart, actions), Cause::equal_priority_higher_address);
  EXPECT_EQ(router.saved.state, State::master);
  EXPECT_EQ(to_texts(actions), Texts{});
  EXPECT_EQ(receive_in_master(router, advert(100, kLower), kStart, actions), std::nullopt);
  EXPECT_EQ(to_texts(actions), Texts{"send 100"});
}

}  // namespace
}  // namespace tandem::vrrpd::core

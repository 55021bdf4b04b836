// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/slots.h"

#include <gtest/gtest.h>

namespace tandem::ipc {
namespace {

const Peer kRoot{.pid = 1, .uid = 0, .user = "root", .may_configure = true};
const Peer kOperator{.pid = 2, .uid = 1000, .user = "anna", .may_configure = true};

Peer viewer(std::uint32_t uid) { return {.pid = 3, .uid = uid, .user = std::to_string(uid), .may_configure = false}; }

class Slots : public testing::Test {
 protected:
  // How many sessions the peer can open now.
  std::size_t fill(const Peer& peer) {
    peers_.push_back(std::make_unique<Peer>(peer));
    std::size_t opened = 0;
    for (; !(why_ = no_slot_for(peer, open_, limits_)); ++opened) {
      open_.push_back(peers_.back().get());
    }
    return opened;
  }

  Limits limits_;
  std::vector<std::unique_ptr<Peer>> peers_;
  std::vector<const Peer*> open_;
  std::optional<std::string> why_;
};

TEST_F(Slots, ViewersLeaveRoomForEachOtherAndForAdministrators) {
  EXPECT_EQ(fill(viewer(65534)), limits_.sessions_per_user);
  EXPECT_EQ(why_, "32 sessions of 65534 are open already");
  for (std::uint32_t uid = 2; uid < 12; ++uid) {
    fill(viewer(uid));
  }
  EXPECT_EQ(why_, "64 sessions of users who may only look are open already");
  EXPECT_EQ(open_.size(), limits_.sessions_of_viewers);
  EXPECT_EQ(fill(kOperator), limits_.sessions_per_user) << "a script that forgets its shells";
  EXPECT_EQ(fill(kRoot), limits_.sessions_per_user) << "and root still has its own";
}

TEST_F(Slots, AllTogetherHaveALimit) {
  limits_.sessions = 1;
  EXPECT_EQ(fill(kRoot), 1U);
  EXPECT_EQ(fill(kOperator), 0U);
  EXPECT_EQ(why_, "1 sessions are open already");
}

}  // namespace
}  // namespace tandem::ipc

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/checkpoint.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>

#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

using std::chrono::milliseconds;
using supervisor::Shared;

config::Config configuration() {
  config::Config all;
  all.address_lease = std::chrono::seconds(10);
  all.interfaces["eth1"] = {.description = "LAN", .groups = {}};
  return all;
}

class CheckpointTest : public testing::Test {
 protected:
  const config::RouterKey key_{"eth1", core::Vrid(5), core::Family::ipv4};
  const config::RouterKey other_{"eth1", core::Vrid(6), core::Family::ipv4};
  const core::Duration interval_ = milliseconds(100);
  const base::TimePoint now_{std::chrono::seconds(1000)};
  const Checkpoint::Past past_ = [] {
    Checkpoint::Past past{.since = base::WallTime(std::chrono::hours(480'000)), .statistics = {}};
    past.statistics.advertisements_sent = 7;
    return past;
  }();
  Shared shared_ = *Shared::open("", fence::memory_layout());  // in memory

  core::SavedState master() const {
    core::SavedState memory;
    memory.state = core::State::master;
    memory.source = *base::IpAddress::parse("10.0.0.7");
    memory.master_timer.next_advertisement = now_;
    return memory;
  }
  // A worker that leaves one router behind.
  void leave(const core::SavedState& memory) {
    Checkpoint checkpoint(&shared_);
    checkpoint.remember(*checkpoint.add(key_), key_, memory, past_);
    checkpoint.save(configuration(), "text");
  }
};

TEST_F(CheckpointTest, NothingIsLeftAtFirst) {
  const Checkpoint checkpoint(&shared_);
  EXPECT_FALSE(checkpoint.configuration());
  EXPECT_FALSE(checkpoint.memory_of(key_, interval_, now_));
}

TEST_F(CheckpointTest, TheNextWorkerFindsWhatWasLeft) {
  leave(master());
  const Checkpoint next(&shared_);
  EXPECT_EQ(next.configuration(), configuration());
  EXPECT_EQ(next.text(), "text");
  const auto memory = next.memory_of(key_, interval_, now_);
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->state, core::State::master);
  EXPECT_EQ(memory->source, master().source);
  EXPECT_EQ(next.past_of(key_).since, past_.since);
  EXPECT_EQ(next.past_of(key_).statistics.advertisements_sent, 7U);
  EXPECT_FALSE(next.memory_of(other_, interval_, now_));
}

TEST_F(CheckpointTest, AMasterThatItsPeersHaveMissedDoesNotGoOn) {
  leave(master());  // whose last advert was one interval before its next one
  const Checkpoint next(&shared_);
  EXPECT_TRUE(next.memory_of(key_, interval_, now_ + 2 * interval_ - milliseconds(1)));
  EXPECT_FALSE(next.memory_of(key_, interval_, now_ + 2 * interval_));
}

// Else it would keep the addresses, and its peers would hear nothing of it.
TEST_F(CheckpointTest, NoTimerOfAMasterEndsLaterThanTheMasterWouldSetIt) {
  core::SavedState memory = master();
  const base::TimePoint later = now_ + std::chrono::hours(24);
  memory.master_timer = {.next_advertisement = later,
                         .immediate_since = later,
                         .immediate_sent = 8,
                         .announce_again = std::nullopt,
                         .quiet_until = later};
  memory.backup.hold_since = later;
  leave(memory);
  const auto left = Checkpoint(&shared_).memory_of(key_, interval_, now_);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->master_timer.next_advertisement, now_ + interval_);
  EXPECT_EQ(left->master_timer.immediate_since, now_);
  EXPECT_EQ(left->master_timer.quiet_until, now_ + core::kReannounceInterval);
  EXPECT_EQ(left->backup.hold_since, now_);
}

TEST_F(CheckpointTest, ABackupWaitsAnew) {
  core::SavedState backup;
  backup.state = core::State::backup;
  backup.backup.set_at = now_ - std::chrono::minutes(10);
  leave(backup);
  EXPECT_EQ(Checkpoint(&shared_).memory_of(key_, interval_, now_)->backup.set_at, now_);
}

TEST_F(CheckpointTest, NobodyGoesOnAfterHavingResigned) {
  leave(master());
  shared_.header().fenced.store(1);
  {
    Checkpoint next(&shared_);
    EXPECT_TRUE(next.configuration()) << "but the configuration is still that";
    EXPECT_FALSE(next.memory_of(key_, interval_, now_));
    next.remember(*next.add(key_), key_, master(), past_);
    next.forget_others();
  }
  EXPECT_TRUE(Checkpoint(&shared_).memory_of(key_, interval_, now_))
      << "the worker after that has nothing to do with it";
}

TEST_F(CheckpointTest, RemovedAndForgottenRoutersAreNotFound) {
  leave(master());
  {
    Checkpoint next(&shared_);
    const auto place = next.add(other_);
    next.remember(*place, other_, master(), past_);
    next.forget_others();  // key_ is one of them
    EXPECT_FALSE(Checkpoint(&shared_).memory_of(key_, interval_, now_));
    EXPECT_TRUE(Checkpoint(&shared_).memory_of(other_, interval_, now_));
    next.remove(*place);
  }
  EXPECT_FALSE(Checkpoint(&shared_).memory_of(other_, interval_, now_));
}

TEST_F(CheckpointTest, AProperEndLeavesNothing) {
  leave(master());
  Checkpoint(&shared_).clear();
  EXPECT_FALSE(Checkpoint(&shared_).configuration());
}

TEST_F(CheckpointTest, WithoutASupervisorEveryCallDoesNothing) {
  Checkpoint none(nullptr);
  EXPECT_FALSE(none.add(key_));
  none.save(configuration(), "text");
  none.alive(now_, interval_);
  none.set_foreign({});
  none.forget_others();
  none.stopping();
  none.clear();
  EXPECT_FALSE(none.configuration() || none.last_end());
}

// As in a directory of root's, after the daemon has become another user.
TEST(CheckpointFile, AnOrderlyEndLeavesNothingAlsoWhereTheFileCannotBeRemoved) {
  const std::string path = fmt::format("/dev/shm/checkpoint-test-{}", ::getpid());
  const std::string elsewhere = path + ".kept";
  {
    const auto shared = Shared::open(path, fence::memory_layout());
    ASSERT_TRUE(shared);
    ASSERT_TRUE(std::filesystem::exists(path)) << "/dev/shm is in memory";
    std::filesystem::rename(path, elsewhere);
    std::filesystem::create_directory(path);
    shared->remove_file();
  }
  std::filesystem::remove(path);
  std::filesystem::rename(elsewhere, path);
  const auto next = Shared::open(path, fence::memory_layout());
  ASSERT_TRUE(next);
  EXPECT_FALSE(next->is_inherited());
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace tandem::vrrpd::daemon

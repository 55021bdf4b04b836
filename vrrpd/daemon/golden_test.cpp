// SPDX-License-Identifier: Apache-2.0
// What the first version with an extensible checkpoint has left, in areas of other sizes than ours
// (tests/golden/checkpoint.py): every later version goes on with it. If this fails, a number was used for something
// else, or the head of the memory was changed: then no installation can upgrade without a change of mastership.
#include <gmock/gmock.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "lib/supervisor/layout.h"
#include "vrrpd/daemon/checkpoint.h"

namespace tandem::vrrpd::daemon {
namespace {

using supervisor::Shared;

std::string golden(const char* name) {
  std::ifstream file(std::string(TANDEM_GOLDEN_DIR "/") + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// As if it were of this boot and network namespace.
int file_with(std::string bytes) {
  const supervisor::Table ours = supervisor::table_of_today(fence::memory_layout());
  supervisor::Table theirs{};
  std::memcpy(&theirs, bytes.data(), sizeof theirs);
  theirs.boot = ours.boot;
  theirs.network = ours.network;
  std::memcpy(bytes.data(), &theirs, sizeof theirs);
  const int file = ::memfd_create("golden", MFD_CLOEXEC);
  static_cast<void>(::write(file, bytes.data(), bytes.size()));
  return file;
}

const config::RouterKey kIpv4{"eth1", core::Vrid(5), core::Family::ipv4};
const config::RouterKey kIpv6{"eth1", core::Vrid(5), core::Family::ipv6};

class GoldenTest : public testing::Test {
 protected:
  void SetUp() override {
    auto adopted = Shared::adopt(file_with(golden("checkpoint-2.bin")), "", fence::memory_layout());
    ASSERT_TRUE(adopted) << adopted.error().message;
    shared_.emplace(std::move(*adopted));
    shared_->import();
    checkpoint_.emplace(&*shared_);
  }
  std::optional<Shared> shared_;
  std::optional<Checkpoint> checkpoint_;
};

TEST_F(GoldenTest, TheConfigurationIsRead) {
  EXPECT_TRUE(shared_->is_inherited());
  const auto& all = checkpoint_->configuration();
  ASSERT_TRUE(all);
  EXPECT_EQ(all->address_lease, std::chrono::seconds(10));
  const config::Interface& eth1 = all->interfaces.at("eth1");
  EXPECT_EQ(eth1.description, "the LAN");
  const config::Group& five = eth1.groups.at(core::Vrid(5));
  EXPECT_EQ(five.version, core::Version::v3);
  EXPECT_EQ(five.priority, 210);
  EXPECT_EQ(five.advertisement_interval, std::chrono::milliseconds(100));
  EXPECT_TRUE(five.preempt && five.accept_mode && !five.shutdown);
  EXPECT_EQ(five.description, "golden");
  ASSERT_EQ(five.ipv4.size(), 2U);
  EXPECT_EQ(five.ipv4[0].to_string(), "10.10.10.16/32");
  EXPECT_EQ(five.ipv4[1].to_string(), "10.10.10.200/24");
  ASSERT_EQ(five.ipv6.size(), 2U);
  EXPECT_EQ(five.ipv6[0].to_string(), "fe80::5/64");
  const config::Group& seven = eth1.groups.at(core::Vrid(7));
  EXPECT_EQ(seven.version, core::Version::v2);
  EXPECT_EQ(seven.priority, 90);
  EXPECT_TRUE(!seven.preempt && seven.shutdown);
  EXPECT_THAT(checkpoint_->text(), testing::HasSubstr(" vrrp 5 priority 210\n"));
}

TEST_F(GoldenTest, TheRoutersAreRead) {
  for (const config::RouterKey& key : {kIpv4, kIpv6}) {
    const auto memory = checkpoint_->memory_of(key, std::chrono::milliseconds(100), base::TimePoint());
    ASSERT_TRUE(memory);
    EXPECT_EQ(memory->state, core::State::master);
    EXPECT_EQ(memory->source->to_string(), key.family == core::Family::ipv4 ? "10.10.10.15" : "fe80::15");
    EXPECT_GT(memory->master_timer.next_advertisement, base::TimePoint());
    const Checkpoint::Past past = checkpoint_->past_of(key);
    EXPECT_GT(past.statistics.advertisements_sent, 0U);
    EXPECT_EQ(past.statistics.transitions, 2U);
    EXPECT_GT(past.since, base::WallTime(std::chrono::hours(490'000)));
  }
}

TEST_F(GoldenTest, TheFramesThatResignAreRead) {
  EXPECT_EQ(shared_->header().workers.load(), 1U);
  EXPECT_EQ(shared_->header().ready.load(), 1U);
  std::size_t ready = 0;
  for (std::size_t number = 0; number < shared_->fence_records_used(); ++number) {
    const fence::Frame& frame = fence::frame(*shared_, number);
    ready +=
        frame.interface.load() != 0 && frame.check == supervisor::checksum(std::span(frame.bytes).first(frame.size))
            ? 1
            : 0;
  }
  EXPECT_EQ(ready, 2U);
}

TEST(Adopt, WhatHasAnotherFormatIsNotRead) {
  std::string bytes = golden("checkpoint-2.bin");
  for (const std::string_view other : {"tandem-checkpoint 3", "tandem-checkpoint", ""}) {
    bytes.replace(0, 64, std::string(64, '\0'));
    bytes.replace(0, other.size(), other);
    EXPECT_FALSE(Shared::adopt(file_with(bytes), "", fence::memory_layout())) << other;
  }
}

// Whatever number in the table is another: nothing is read outside of the memory.
TEST(Adopt, ADamagedTableIsNoDanger) {
  const std::string whole = golden("checkpoint-2.bin");
  for (std::size_t at = 128; at < 300; at += 4) {
    for (const std::uint32_t value : {0U, 1U, 5U, 4096U, 0x7fffffffU, 0xffffffffU}) {
      std::string bytes = whole;
      std::memcpy(&bytes[at], &value, sizeof value);
      if (auto shared = Shared::adopt(file_with(bytes), "", fence::memory_layout())) {
        shared->import();
        const Checkpoint read(&*shared);
      }
    }
  }
}

}  // namespace
}  // namespace tandem::vrrpd::daemon

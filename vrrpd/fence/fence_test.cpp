// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/fence/fence.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <random>
#include <string>

namespace tandem::vrrpd::fence {
namespace {

// An advert of 60 bytes that begins with `head`: destination, source, type.
std::unique_ptr<Frame> frame_of(std::initializer_list<unsigned> head) {
  auto frame = std::make_unique<Frame>();
  std::transform(head.begin(), head.end(), frame->bytes.begin(), [](unsigned byte) { return std::byte(byte); });
  frame->size = 60;
  frame->check = supervisor::checksum(std::span(frame->bytes).first(frame->size));
  return frame;
}

TEST(Fence, SendsAdvertsOfBothFamilies) {
  EXPECT_EQ(sendable(*frame_of({1, 0, 0x5e, 0, 0, 0x12, 0, 0, 0x5e, 0, 1, 5, 0x08, 0x00})).size(), 60U);
  EXPECT_EQ(sendable(*frame_of({0x33, 0x33, 0, 0, 0, 0x12, 0, 0, 0x5e, 0, 2, 5, 0x86, 0xdd})).size(), 60U);
}

TEST(Fence, SendsNothingElse) {
  EXPECT_TRUE(sendable(*frame_of({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0x5e, 0, 1, 5, 0x08, 0x00})).empty());
  EXPECT_TRUE(sendable(*frame_of({1, 0, 0x5e, 0, 0, 0x12, 0, 0, 0x5e, 0, 3, 5, 0x08, 0x00})).empty());
  EXPECT_TRUE(sendable(*frame_of({1, 0, 0x5e, 0, 0, 0x12, 2, 0, 0x5e, 0, 1, 5, 0x08, 0x00})).empty());
  EXPECT_TRUE(sendable(*frame_of({1, 0, 0x5e, 0, 0, 0x12, 0, 0, 0x5e, 0, 1, 0, 0x08, 0x00})).empty());
  EXPECT_TRUE(sendable(*frame_of({1, 0, 0x5e, 0, 0, 0x12, 0, 0, 0x5e, 0, 1, 5, 0x08, 0x06})).empty());
}

TEST(Fence, SendsNothingThatIsTornOrOfNoSize) {
  auto frame = frame_of({1, 0, 0x5e, 0, 0, 0x12, 0, 0, 0x5e, 0, 1, 5, 0x08, 0x00});
  frame->bytes[40] = std::byte{1};
  EXPECT_TRUE(sendable(*frame).empty());
  frame->bytes[40] = std::byte{0};
  for (const std::uint32_t size : {0U, 1U, 13U, 59U, 61U, 1521U, 0xffffffffU}) {
    frame->size = size;
    EXPECT_TRUE(sendable(*frame).empty()) << size;
  }
}

TEST(Fence, SendsNothingOfWhateverIsInTheMemory) {
  std::mt19937_64 random(20261128);
  auto frame = std::make_unique<Frame>();
  for (int turn = 0; turn < 20'000; ++turn) {
    std::generate(frame->bytes.begin(), frame->bytes.end(), [&] { return std::byte(random() & 0xffU); });
    frame->size = static_cast<std::uint32_t>(random() % 2 == 0 ? random() : random() % (2 * kFrameSize));
    frame->check = random() % 2 == 0 || frame->size > kFrameSize
                       ? random()
                       : supervisor::checksum(std::span(frame->bytes).first(frame->size));
    ASSERT_TRUE(sendable(*frame).empty());
  }
}

// A worker that dies may set a foreign macvlan up again after the first isolate(): the second one has to know it.
TEST(Fence, KnowsForeignMacvlansUntilItHasResigned) {
  constexpr Fence::LinkGroups kNoSuchGroups{0x7ffffff0, 0x7ffffff1, 0x7ffffff2};
  constexpr std::uint32_t kNoSuchInterface = 0x7ffffff3;
  const std::string path = testing::TempDir() + "fence_test." + std::to_string(::getpid());
  const auto shared = supervisor::Shared::open(
      path, {.slots = 1, .slot_size = 8, .fence_records_per_slot = 1, .fence_record_size = sizeof(Frame)});
  ASSERT_TRUE(shared) << shared.error().message;
  // Any socket serves to ask for names of interfaces: a packet socket would need a privilege.
  auto fence = Fence::open(kNoSuchGroups, os::FileDescriptor(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), {});
  ASSERT_TRUE(fence) << fence.error().message;
  foreign_macvlans(*shared).front().store(kNoSuchInterface);
  (*fence)->isolate(*shared);
  EXPECT_EQ(foreign_macvlans(*shared).front().load(), kNoSuchInterface);
  (*fence)->resign(*shared);
  EXPECT_EQ(foreign_macvlans(*shared).front().load(), 0U);
  shared->remove_file();
}

}  // namespace
}  // namespace tandem::vrrpd::fence

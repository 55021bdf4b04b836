// SPDX-License-Identifier: Apache-2.0
#include "lib/net/receive_batch.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace tandem::net {
namespace {

class ReceiveBatchTest : public ::testing::Test {
 protected:
  ReceiveBatchTest() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, sockets_.data()), 0); }
  ~ReceiveBatchTest() override {
    ::close(sockets_[0]);
    ::close(sockets_[1]);
  }
  void send(const std::string& text) {
    ASSERT_EQ(::send(sockets_[0], text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }
  std::string text(std::size_t position) const {
    const base::Bytes bytes = batch_.packet(position).bytes;
    return {bytes.begin(), bytes.end()};
  }

  std::array<int, 2> sockets_{};
  ReceiveBatch batch_{2, 4};
};

TEST_F(ReceiveBatchTest, TakesSoManyPacketsAsFitAndCutsLongOnes) {
  send("one");
  send("second");
  send("3");
  ASSERT_EQ(batch_.receive(sockets_[1]), 0);
  EXPECT_TRUE(batch_.is_full());
  EXPECT_EQ(text(0), "one");
  EXPECT_EQ(text(1), "seco");
  ASSERT_EQ(batch_.receive(sockets_[1]), 0);
  EXPECT_FALSE(batch_.is_full());
  ASSERT_EQ(batch_.size(), 1U);
  EXPECT_EQ(text(0), "3");
}

TEST_F(ReceiveBatchTest, DoesNotWait) {
  EXPECT_EQ(batch_.receive(sockets_[1]), EAGAIN);
  EXPECT_EQ(batch_.size(), 0U);
  EXPECT_EQ(batch_.receive(-1), EBADF);
}

}  // namespace
}  // namespace tandem::net

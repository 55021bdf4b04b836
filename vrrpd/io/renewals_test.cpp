// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/renewals.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <thread>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/testing.h"

namespace tandem::vrrpd::io {
namespace {

std::vector<AddAddress> addresses(unsigned count) {
  std::vector<AddAddress> all;
  for (unsigned i = 0; i < count; ++i) {
    all.push_back({base::IfIndex{7}, testing::prefix(fmt::format("10.0.0.{}", i), 32), Lease(10)});
  }
  return all;
}

// What has been executed; read when nothing is under way.
struct RenewalsTest : ::testing::Test {
  event::Loop loop;
  std::vector<std::size_t> pieces;
  std::optional<bool> all;

  Renewals::Execute execute_with(bool result) {
    return [this, result](const std::vector<AddAddress>& due) {
      pieces.push_back(due.size());
      return result;
    };
  }
  Renewals::Done done = [this](bool succeeded) {
    all = succeeded;
    loop.stop();
  };
};

TEST_F(RenewalsTest, AreDoneInPieces) {
  Renewals renewals(loop, execute_with(true), done);
  renewals.start(addresses(2 * kMaxOperationsPerStep + 1));
  EXPECT_TRUE(renewals.is_running());
  loop.run();
  EXPECT_EQ(pieces, (std::vector<std::size_t>{kMaxOperationsPerStep, kMaxOperationsPerStep, 1}));
  EXPECT_EQ(all, true);
  EXPECT_FALSE(renewals.is_running());
}

TEST_F(RenewalsTest, FailureIsTold) {
  Renewals renewals(loop, execute_with(false), done);
  renewals.start(addresses(1));
  loop.run();
  EXPECT_EQ(all, false);
}

TEST_F(RenewalsTest, NothingIsDoneAfterStop) {
  constexpr std::size_t kMany = 10'000;
  std::promise<void> begun;
  Renewals renewals(
      loop,
      [&](const std::vector<AddAddress>& due) {
        if (pieces.empty()) {
          begun.set_value();
        }
        pieces.push_back(due.size());
        // As long as the kernel takes: this thread must not finish all pieces before the test's thread gets a
        // processor.
        std::this_thread::sleep_for(std::chrono::microseconds(100));
        return true;
      },
      done);
  renewals.start(std::vector(kMany * kMaxOperationsPerStep, addresses(1).front()));
  begun.get_future().wait();
  renewals.stop();
  EXPECT_FALSE(renewals.is_running());
  const std::size_t until_then = pieces.size();
  EXPECT_LT(until_then, kMany);
  renewals.start(addresses(1));
  loop.run();
  EXPECT_EQ(pieces.size(), until_then + 1) << "the rest was given up";
}

}  // namespace
}  // namespace tandem::vrrpd::io

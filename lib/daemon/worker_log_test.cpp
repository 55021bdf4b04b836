// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/worker_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>

#include "lib/daemon/messages.h"

namespace tandem::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct WorkerLogTest : ::testing::Test {
  WorkerLogTest() { options_.program = "testd"; }
  ~WorkerLogTest() override { std::filesystem::remove(file_); }

  base::Result<> open_file(WorkerLog::WithoutFile without_file = WorkerLog::WithoutFile::fails) {
    options_.log_target = "file:" + file_;
    return log_.open(options_, without_file);
  }

  std::string file_ = ::testing::TempDir() + "worker_log_test." + std::to_string(::getpid());
  Options options_;
  event::Loop loop_;
  event::Loop management_loop_;
  WorkerLog log_{loop_, management_loop_};
};

TEST_F(WorkerLogTest, RecordsOfTheProgramsOwnThreadAreWrittenByManagement) {
  ASSERT_TRUE(open_file());
  log_.loop_logger().write<kCleansUp>();
  EXPECT_THAT(log_.last_lines().lines(), IsEmpty());
  management_loop_.run_posted();
  EXPECT_THAT(log_.last_lines().lines(), ElementsAre(HasSubstr("VRRP-070")));
}

TEST_F(WorkerLogTest, ManagementSaysHowManyRecordsWereDropped) {
  ASSERT_TRUE(open_file());
  const std::string long_text(2000, 'x');
  while (log_.backlog().dropped() == 0) {
    log_.loop_logger().write<kCallsNotRestricted>(long_text);
  }
  management_loop_.run_posted();
  log_.loop_logger().write<kCleansUp>();
  management_loop_.run_posted();
  const auto& lines = log_.last_lines().lines();
  EXPECT_THAT(*std::prev(lines.end(), 2), HasSubstr("VRRP-081] 1 messages"));
  EXPECT_THAT(lines.back(), HasSubstr("VRRP-070"));
}

TEST_F(WorkerLogTest, FailsIfTheDestinationCannotBeOpened) {
  file_ += "/none/file";
  EXPECT_FALSE(open_file());
}

TEST_F(WorkerLogTest, GoesOnWithoutItsFileIfTold) {
  file_ += "/none/file";
  ASSERT_TRUE(open_file(WorkerLog::WithoutFile::uses_standard_error));
  EXPECT_THAT(log_.last_lines().lines(), ElementsAre(HasSubstr("VRRP-083")));
}

}  // namespace
}  // namespace tandem::daemon

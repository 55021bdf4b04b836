// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/recording_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "vrrpd/recording/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

class RecordingFileTest : public ::testing::Test {
 protected:
  RecordingFileTest() { std::filesystem::remove(path_); }
  ~RecordingFileTest() override { std::filesystem::remove(path_); }

  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

  std::string path_ = std::filesystem::temp_directory_path() / ("recording-" + std::to_string(::getpid()) + ".rec");
  log::Logger logger_;
};

TEST_F(RecordingFileTest, HasWhatWasAppended) {
  const auto file = RecordingFile::create(logger_, path_, {std::filesystem::temp_directory_path()});
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE((*file)->reserve(4));
  (*file)->append("one\n");
  EXPECT_TRUE((*file)->reserve(4));
  (*file)->append("two\n");
  EXPECT_EQ(content(), "one\ntwo\n");
  EXPECT_FALSE((*file)->has_ended());
}

TEST_F(RecordingFileTest, OverwritesNothing) {
  std::ofstream(path_) << "precious";
  const auto file = RecordingFile::create(logger_, path_, {std::filesystem::temp_directory_path()});
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().message, "cannot create " + path_ + ": File exists");
  EXPECT_EQ(content(), "precious");
}

TEST_F(RecordingFileTest, EndsWhenTooMuchWaits) {
  const auto file = RecordingFile::create(logger_, path_, {std::filesystem::temp_directory_path()});
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE((*file)->reserve(4));
  EXPECT_FALSE((*file)->reserve(recording::kMaxBacklog));
  EXPECT_FALSE((*file)->reserve(4)) << "a recording with a hole cannot be replayed";
  (*file)->append("one\n");
  EXPECT_TRUE((*file)->has_ended());
  EXPECT_EQ(content(), "one\n");
}

TEST_F(RecordingFileTest, FollowsNoLink) {
  std::filesystem::create_symlink("/dev/full", path_);
  EXPECT_FALSE(RecordingFile::create(logger_, path_, {std::filesystem::temp_directory_path()}).has_value());
}

}  // namespace
}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
#include "lib/os/bounded_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tandem::os {
namespace {

constexpr BoundedFile::Limits kLimits{.size = 10, .backlog = 100};

class BoundedFileTest : public ::testing::Test {
 protected:
  BoundedFileTest() { std::filesystem::remove(path_); }
  ~BoundedFileTest() override { std::filesystem::remove(path_); }

  base::Result<std::shared_ptr<BoundedFile>> create() const {
    return BoundedFile::create(path_, {std::filesystem::temp_directory_path()}, kLimits);
  }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(path_).rdbuf();
    return text.str();
  }

  std::string path_ = std::filesystem::temp_directory_path() / ("recording-" + std::to_string(::getpid()) + ".rec");
};

TEST_F(BoundedFileTest, HasWhatWasAppended) {
  const auto file = create();
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE((*file)->reserve(4));
  EXPECT_EQ((*file)->append("one\n"), std::nullopt);
  EXPECT_TRUE((*file)->reserve(4));
  EXPECT_EQ((*file)->append("two\n"), std::nullopt);
  EXPECT_EQ(content(), "one\ntwo\n");
  EXPECT_FALSE((*file)->has_ended());
}

TEST_F(BoundedFileTest, OverwritesNothing) {
  std::ofstream(path_) << "precious";
  const auto file = create();
  ASSERT_FALSE(file.has_value());
  EXPECT_EQ(file.error().message, "cannot create " + path_ + ": File exists");
  EXPECT_EQ(content(), "precious");
}

TEST_F(BoundedFileTest, EndsWhenTooMuchWaits) {
  const auto file = create();
  ASSERT_TRUE(file.has_value());
  EXPECT_TRUE((*file)->reserve(4));
  EXPECT_FALSE((*file)->reserve(kLimits.backlog));
  EXPECT_FALSE((*file)->reserve(4)) << "the file would have a hole";
  EXPECT_EQ((*file)->append("one\n"), "the disk is too slow for it");
  EXPECT_TRUE((*file)->has_ended());
  EXPECT_EQ(content(), "one\n");
}

TEST_F(BoundedFileTest, EndsAtItsLargestSize) {
  const auto file = create();
  ASSERT_TRUE(file.has_value());
  const std::string text(6, 'x');
  EXPECT_TRUE((*file)->reserve(text.size()));
  EXPECT_TRUE((*file)->reserve(text.size()));
  EXPECT_EQ((*file)->append(text), std::nullopt);
  EXPECT_EQ((*file)->append(text), "it has reached its largest size");
  EXPECT_EQ((*file)->append(text), std::nullopt) << "it has ended before";
  EXPECT_FALSE((*file)->reserve(1));
  EXPECT_EQ(content(), text);
}

TEST_F(BoundedFileTest, FollowsNoLink) {
  std::filesystem::create_symlink("/dev/full", path_);
  EXPECT_FALSE(create().has_value());
}

}  // namespace
}  // namespace tandem::os

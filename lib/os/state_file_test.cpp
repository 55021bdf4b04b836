// SPDX-License-Identifier: Apache-2.0
#include "lib/os/state_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace tandem::os {
namespace {

class StateFileTest : public ::testing::Test {
 protected:
  StateFileTest() { std::filesystem::remove_all(directory_); }
  ~StateFileTest() override { std::filesystem::remove_all(directory_); }

  StateFile open() const { return {directory_, "devices", "example 1"}; }
  std::string content() const {
    std::ostringstream text;
    text << std::ifstream(open().path()).rdbuf();
    return text.str();
  }

  const std::string directory_ = std::filesystem::temp_directory_path() / ("state-" + std::to_string(::getpid()));
};

TEST(StateHead, NamesFormatBootAndNamespace) {
  EXPECT_EQ(state_head("tandem-devices 1", "boot", 7), "tandem-devices 1\nkernel boot 7\n");
}

TEST(StateHead, RecordsOfAnotherBootNamespaceOrFormatMeanNothing) {
  const std::string head = state_head("example 1", "boot", 1);
  EXPECT_EQ(records_after(head, head + "one\ntwo\n"), "one\ntwo\n");
  EXPECT_EQ(records_after(head, state_head("example 1", "reboot", 1) + "one\n"), "");
  EXPECT_EQ(records_after(head, state_head("example 1", "boot", 12) + "one\n"), "");
  EXPECT_EQ(records_after(head, state_head("example 2", "boot", 1) + "one\n"), "");
  EXPECT_EQ(records_after(head, ""), "");
}

TEST_F(StateFileTest, KeepsWhatIsSavedAndAppended) {
  EXPECT_EQ(open().load(), "");
  StateFile file = open();
  ASSERT_TRUE(file.save("one\n"));
  ASSERT_TRUE(file.append("two\n"));
  ASSERT_TRUE(file.append("three\n"));
  EXPECT_EQ(open().load(), "one\ntwo\nthree\n");
  ASSERT_TRUE(file.save("four\n"));
  ASSERT_TRUE(file.append("five\n"));
  EXPECT_EQ(open().load(), "four\nfive\n");
}

TEST_F(StateFileTest, IsRemovedWhenThereIsNothingToRemember) {
  StateFile file = open();
  ASSERT_TRUE(file.save(""));
  ASSERT_TRUE(file.append("one\n"));
  EXPECT_EQ(open().load(), "one\n");
  ASSERT_TRUE(file.save(""));
  EXPECT_FALSE(std::filesystem::exists(file.path()));
}

TEST_F(StateFileTest, OfAnotherFormatIsNotUsed) {
  ASSERT_TRUE(StateFile(directory_, "devices", "example 2").save("one\n"));
  EXPECT_EQ(open().load(), "");
  EXPECT_NE(content(), "");
}

TEST_F(StateFileTest, ErrorsNameTheFile) {
  std::ofstream(directory_) << "in the place of the directory";
  EXPECT_EQ(open().append("one\n").error().message, "cannot write " + open().path() + ": Not a directory");
}

}  // namespace
}  // namespace tandem::os

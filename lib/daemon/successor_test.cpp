// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/successor.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace tandem::daemon {
namespace {

class SuccessorTest : public testing::Test {
 protected:
  SuccessorTest() { std::filesystem::create_directories(folder_); }
  ~SuccessorTest() override { std::filesystem::remove_all(folder_); }

  Successor program(const std::string& text) const {
    const std::string path = folder_ + "/vrrpd";
    std::ofstream(path) << text;
    ::chmod(path.c_str(), 0755);
    return {path, {"vrrpd", "-f", "/x"}};
  }
  static std::string refusal(const Successor& successor) {
    const auto checked = check_successor(successor, "vrrpd");
    return checked ? "" : checked.error().message;
  }

 private:
  std::string folder_ = testing::TempDir() + "successor-" + std::to_string(::getpid());
};

TEST_F(SuccessorTest, OneThatSaysItIsVrrpdTakesOver) { EXPECT_EQ(refusal(program("#!/bin/sh\necho vrrpd 9.9\n")), ""); }

TEST_F(SuccessorTest, ItIsAskedWithTheArgumentsThatItWillHave) {
  EXPECT_EQ(refusal(program("#!/bin/sh\n[ \"$*\" = '-f /x --version' ] && echo vrrpd 9.9\n")), "");
}

TEST_F(SuccessorTest, WhatIsNoProgramDoesNot) {
  EXPECT_NE(refusal(program("not a program\n")).find("it cannot be executed: Exec format error"), std::string::npos);
  EXPECT_NE(refusal({"/nowhere/vrrpd", {"vrrpd"}}).find("No such file"), std::string::npos);
}

TEST_F(SuccessorTest, WhatFailsDoesNotAndIsQuoted) {
  EXPECT_NE(refusal(program("#!/bin/sh\necho broken >&2\nexit 127\n")).find("\"broken\" (exit status 127)"),
            std::string::npos);
  EXPECT_NE(refusal(program("#!/bin/sh\necho vrrpd 9.9\nexit 1\n")).find("exit status 1"), std::string::npos);
  EXPECT_NE(refusal(program("#!/bin/sh\nkill -SEGV $$\n")).find("signal 11"), std::string::npos);
}

TEST_F(SuccessorTest, AnotherProgramDoesNot) {
  EXPECT_NE(refusal({"/bin/true", {"vrrpd"}}), "");
  EXPECT_NE(refusal(program("#!/bin/sh\necho lvsd 9.9\n")), "");
}

TEST_F(SuccessorTest, OneThatHangsOrSaysTooMuchDoesNot) {
  EXPECT_NE(refusal(program("#!/bin/sh\nexec sleep 1000\n")).find("no answer in time"), std::string::npos);
  EXPECT_LT(refusal(program("#!/bin/sh\nhead -c 100000 /dev/zero\n")).size(), 500U);
}

TEST_F(SuccessorTest, IsTheProgramOfAProcess) {
  const auto own = successor_of(::getpid());
  ASSERT_TRUE(own);
  EXPECT_EQ(own->program, std::filesystem::read_symlink("/proc/self/exe").string());
  EXPECT_FALSE(own->arguments.empty());
}

}  // namespace
}  // namespace tandem::daemon

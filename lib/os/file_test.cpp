// SPDX-License-Identifier: Apache-2.0
#include "lib/os/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lib/base/limits.h"

namespace tandem::os {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tandem-file-test.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::vector<std::string> names() const {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(directory_)) {
      all.push_back(entry.path().filename().string());
    }
    return all;
  }

  fs::path directory_;
};

// A daemon whose startup file is missing starts empty: it goes by the kind.
TEST_F(FileTest, AMissingFileIsAnErrorOfThatKind) {
  EXPECT_EQ(read_file(path("none")).error().kind, base::Error::Kind::not_found);
  EXPECT_EQ(read_file(path("none/deep")).error().kind, base::Error::Kind::not_found);
}

TEST_F(FileTest, WhatWasWrittenIsRead) {
  ASSERT_TRUE(write_file_atomically(path("a.conf"), "hostname r1\n"));
  EXPECT_EQ(read_file(path("a.conf")).value(), "hostname r1\n");
  EXPECT_THAT(names(), UnorderedElementsAre("a.conf"));
  struct stat status{};
  ASSERT_EQ(::stat(path("a.conf").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640U);
}

TEST_F(FileTest, PreviousVersionIsKept) {
  ASSERT_TRUE(write_file_atomically(path("a.conf"), "first\n"));
  ASSERT_TRUE(write_file_atomically(path("a.conf"), "second\n"));
  ASSERT_TRUE(write_file_atomically(path("a.conf"), "third\n"));
  EXPECT_EQ(read_file(path("a.conf")).value(), "third\n");
  EXPECT_EQ(read_file(path("a.conf.sav")).value(), "second\n");
  EXPECT_THAT(names(), UnorderedElementsAre("a.conf", "a.conf.sav"));
}

TEST_F(FileTest, SymbolicLinkStaysOne) {
  ASSERT_TRUE(write_file_atomically(path("real.conf"), "first\n"));
  fs::create_symlink("real.conf", directory_ / "link.conf");
  ASSERT_TRUE(write_file_atomically(path("link.conf"), "second\n"));
  EXPECT_TRUE(fs::is_symlink(directory_ / "link.conf"));
  EXPECT_EQ(read_file(path("real.conf")).value(), "second\n");
}

TEST_F(FileTest, SymbolicLinkToAFileThatIsNotThereYetStaysOne) {
  fs::create_directory(directory_ / "folder");
  fs::create_symlink("folder/second", directory_ / "first");
  fs::create_symlink("real.conf", directory_ / "folder" / "second");
  ASSERT_TRUE(replace_file_atomically(path("first"), "text\n"));
  EXPECT_TRUE(fs::is_symlink(directory_ / "first") && fs::is_symlink(directory_ / "folder" / "second"));
  EXPECT_EQ(read_file(path("folder/real.conf")).value(), "text\n");
}

TEST_F(FileTest, ReplacedFileKeepsItsModeAndNoOtherIsTouched) {
  for (const char* name : {"a.conf", "a.conf.new", "a.conf.sav"}) {
    std::ofstream(path(name)) << "precious\n";
  }
  fs::permissions(path("a.conf"), fs::perms(0604));
  ASSERT_TRUE(replace_file_atomically(path("a.conf"), "text\n"));
  EXPECT_EQ(fs::status(path("a.conf")).permissions(), fs::perms(0604));
  EXPECT_EQ(read_file(path("a.conf.new")).value() + read_file(path("a.conf.sav")).value(), "precious\nprecious\n");
  EXPECT_THAT(names(), UnorderedElementsAre("a.conf", "a.conf.new", "a.conf.sav"));
  fs::permissions(path("a.conf"), fs::perms(0600));
  fs::remove(path("a.conf.sav"));
  ASSERT_TRUE(write_file_atomically(path("a.conf"), "text\n"));
  EXPECT_EQ(fs::status(path("a.conf")).permissions(), fs::perms(0600));
  EXPECT_EQ(fs::status(path("a.conf.sav")).permissions(), fs::perms(0600)) << "no other user sees it there either";
}

TEST_F(FileTest, FailureNamesTheFileAndTheReason) {
  EXPECT_EQ(read_file(path("none.conf")).error().message,
            "cannot read " + path("none.conf") + ": No such file or directory");
  EXPECT_EQ(write_file_atomically(path("none/a.conf"), "x").error().message,
            "cannot write " + path("none/a.conf") + ": No such file or directory");
  EXPECT_THAT(read_file(directory_.string()).error().message, HasSubstr("Is a directory"));
}

// /dev/full lets nothing be written; a directory on it cannot be had without mounting, so the file is one that cannot
// be replaced.
TEST_F(FileTest, FailureLeavesTheFileAsItWas) {
  fs::create_directory(directory_ / "taken.conf");
  std::ofstream(directory_ / "taken.conf" / "inside") << "x";
  EXPECT_FALSE(write_file_atomically(path("taken.conf"), "text"));
  EXPECT_TRUE(fs::exists(directory_ / "taken.conf" / "inside"));
  EXPECT_THAT(names(), UnorderedElementsAre("taken.conf"));
}

TEST_F(FileTest, FilesBeyondTheLimitAreRefused) {
  std::ofstream(path("large.conf")).close();
  fs::resize_file(path("large.conf"), base::kMaxConfigFileSize + 1);
  EXPECT_THAT(read_file(path("large.conf")).error().message, HasSubstr("larger than 16 MiB"));
}

}  // namespace
}  // namespace tandem::os

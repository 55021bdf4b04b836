// SPDX-License-Identifier: Apache-2.0
#include "lib/os/place.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "lib/os/file.h"

namespace tandem::os {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PlaceTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tandem-place-test.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = fs::canonical(name);
    fs::create_directories(directory_ / "log/deep");
    fs::create_directories(directory_ / "elsewhere");
    std::ofstream(directory_ / "elsewhere/secret") << "secret\n";
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  void link(const std::string& target, const std::string& name) const { fs::create_symlink(target, directory_ / name); }
  std::string refusal(const std::string& name, Access access = Access::read) const {
    const auto file = open_regular(path(name), access);
    return file ? "opened" : file.error().message;
  }
  std::string refusal_below(const std::string& path) const {
    const auto place = locate_below({this->path("log"), this->path("state")}, path);
    if (!place) {
      return place.error().message;
    }
    const auto file = open_regular(*place, Access::append);
    return file ? "opened" : file.error().message;
  }

  fs::path directory_;
};

TEST_F(PlaceTest, OnlyRegularFilesAreOpenedAndNothingIsWaitedFor) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path("socket").copy(std::data(address.sun_path), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  link("/dev/zero", "zero");
  for (const Access access : {Access::read, Access::append}) {
    EXPECT_EQ(refusal("fifo", access), "not a regular file");
    EXPECT_EQ(refusal("socket", access), "not a regular file");
    EXPECT_EQ(refusal("zero", access), "not a regular file");
    EXPECT_EQ(refusal("log", access), "Is a directory");
    EXPECT_EQ(refusal("elsewhere/secret", access), "opened");
  }
  EXPECT_EQ(read_file(path("fifo")).error().message, "cannot read " + path("fifo") + ": not a regular file");
  EXPECT_EQ(read_file("/dev/zero").error().message, "cannot read /dev/zero: not a regular file");
  EXPECT_FALSE(write_file_atomically(path("fifo"), "text"));
  EXPECT_TRUE(fs::is_fifo(path("fifo")));
}

TEST_F(PlaceTest, MissingFilesAreMadeOrNamed) {
  EXPECT_EQ(refusal("missing"), "No such file or directory");
  EXPECT_EQ(refusal("missing/file", Access::append), "No such file or directory");
  EXPECT_EQ(refusal("made", Access::append), "opened");
  EXPECT_EQ(refusal("made", Access::create), "File exists");
  EXPECT_EQ(refusal("elsewhere/secret/x"), "Not a directory");
}

TEST_F(PlaceTest, OwnLinksAreFollowedRoundTheCornerButNotForEver) {
  link("elsewhere", "a");
  link("../a/secret", "log/b");
  link("log/./b", "c");
  EXPECT_EQ(read_file(path("c")).value(), "secret\n");
  EXPECT_EQ(read_file(path("log/../log/deep/../b")).value(), "secret\n");
  link("round", "round");
  EXPECT_THAT(refusal("round"), HasSubstr("Too many levels of symbolic links"));
}

// Only root can make one; to any other user the link stays the user's own.
TEST_F(PlaceTest, LinksOfOtherUsersAreNot) {
  const auto give_away = [this](const char* name) { return ::lchown(path(name).c_str(), 65534, 65534) == 0; };
  link(path("elsewhere/secret"), "mine");
  link(path("elsewhere"), "folder");
  const bool given = give_away("mine") && give_away("folder");
  EXPECT_EQ(given, ::geteuid() == 0);
  EXPECT_EQ(refusal("mine"), given ? "'mine' is a symbolic link of another user's" : "opened");
  EXPECT_EQ(refusal("folder/secret"), given ? "'folder' is a symbolic link of another user's" : "opened");
  EXPECT_EQ(refusal("folder/made", Access::append), refusal("folder/secret"));
  EXPECT_EQ(write_file_atomically(path("mine"), "changed").has_value(), !given);
  EXPECT_EQ(read_file(path("elsewhere/secret")).value(), given ? "secret\n" : "changed");
}

TEST_F(PlaceTest, BelowADirectoryNothingLeadsOutOfIt) {
  EXPECT_EQ(refusal_below(path("log/file")), "opened");
  EXPECT_EQ(refusal_below(path("log/deep//./file")), "opened");
  EXPECT_EQ(refusal_below(path("elsewhere/secret")), "not below " + path("log") + " or " + path("state"));
  EXPECT_EQ(refusal_below(path("logs/file")), "not below " + path("log") + " or " + path("state"));
  EXPECT_EQ(refusal_below(path("log")), "not below " + path("log") + " or " + path("state"));
  EXPECT_EQ(refusal_below(path("log/../elsewhere/secret")), "'..' in the path");
  EXPECT_EQ(refusal_below(path("state/file")), "No such file or directory");
  link("../elsewhere", "log/out");
  link("../elsewhere/secret", "log/secret");
  EXPECT_EQ(refusal_below(path("log/out/secret")), "'out' is a symbolic link");
  EXPECT_EQ(refusal_below(path("log/secret")), "'secret' is a symbolic link");
  link("log", "state");
  EXPECT_EQ(refusal_below(path("state/file")), "opened") << "the directory itself may be a trusted link";
}

}  // namespace
}  // namespace tandem::os

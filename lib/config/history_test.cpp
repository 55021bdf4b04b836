// SPDX-License-Identifier: Apache-2.0
#include "lib/config/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "lib/config/limits.h"
#include "lib/os/file.h"

namespace tandem::config {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::SizeIs;

class KeepingSink final : public log::Sink {
 public:
  explicit KeepingSink(std::vector<std::string>& lines) : lines_(lines) {}
  void write(const log::Record& record) override { lines_.emplace_back(record.text); }

 private:
  std::vector<std::string>& lines_;
};

class HistoryTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tandem-history.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    logger_.add(std::make_unique<KeepingSink>(log_), log::Level::debugging);
  }
  void TearDown() override { fs::remove_all(directory_); }

  History open() { return {directory_.string(), logger_}; }
  static Commit commit(std::uint64_t id, std::string what = "x", std::string comment = "") {
    return {.id = id,
            .when = base::WallTime(std::chrono::seconds(1000) + std::chrono::microseconds(id)),
            .author = {"anna", 77},
            .what = std::move(what),
            .comment = std::move(comment)};
  }
  std::string path(const char* name) const { return (directory_ / name).string(); }

  fs::path directory_;
  log::Logger logger_;
  std::vector<std::string> log_;
};

TEST_F(HistoryTest, WhatWasAddedIsThereAfterARestart) {
  {
    History history = open();
    ASSERT_TRUE(history.add(commit(1, "interface eth1 / vrrp 5", "why\nnot"), "hostname r1\n"));
    ASSERT_TRUE(history.add(commit(2), ""));
  }
  const History history = open();
  ASSERT_THAT(history.commits(), SizeIs(2));
  const Commit& first = history.commits().front();
  EXPECT_EQ(first.id, 1U);
  EXPECT_EQ(first.when, commit(1).when);
  EXPECT_EQ(first.author.user, "anna");
  EXPECT_EQ(first.author.pid, 77U);
  EXPECT_EQ(first.what, "interface eth1 / vrrp 5");
  EXPECT_EQ(first.comment, "why\\x0anot") << "one line";
  EXPECT_EQ(history.text(1).value(), "hostname r1\n");
  EXPECT_EQ(history.text(0).value(), "");
  EXPECT_FALSE(history.text(2));
  EXPECT_EQ(history.next_id(), 3U);
  EXPECT_TRUE(log_.empty());
}

TEST_F(HistoryTest, DamagedFilesAreReportedAndIgnoredAndTheirNumbersNotUsedAgain) {
  {
    History history = open();
    for (const std::uint64_t id : {1U, 2U, 3U, 4U}) {
      ASSERT_TRUE(history.add(commit(id), "hostname r1\n"));
    }
  }
  fs::resize_file(path("00000002.conf"), fs::file_size(path("00000002.conf")) - 2);  // torn
  std::ofstream(path("00000003.conf")) << "! commit 17\n";
  fs::remove(path("00000004.conf"));
  fs::create_directory(path("00000004.conf"));
  std::ofstream(path("notes.txt")) << "an operator's own";
  const History history = open();
  EXPECT_THAT(history.commits(), SizeIs(1));
  EXPECT_EQ(history.next_id(), 5U);
  EXPECT_THAT(log_, testing::ElementsAre(HasSubstr("00000002.conf is damaged"), HasSubstr("00000003.conf is damaged"),
                                         HasSubstr("00000004.conf: Is a directory")));
}

TEST_F(HistoryTest, WhatWasNotWrittenToItsEndIsRemoved) {
  for (const char* name :
       {"00000002.conf.aB3dEf", "unconfirmed.conf.aB3dEf", "notes.conf.aB3dEf", "00000002.conf.sav"}) {
    std::ofstream(path(name)) << "! commit 2";
  }
  open();
  EXPECT_FALSE(fs::exists(path("00000002.conf.aB3dEf")) || fs::exists(path("unconfirmed.conf.aB3dEf")));
  EXPECT_TRUE(fs::exists(path("notes.conf.aB3dEf")) && fs::exists(path("00000002.conf.sav")));
  EXPECT_TRUE(log_.empty());
}

TEST_F(HistoryTest, LongNotesAreCutBetweenCharacters) {
  ASSERT_TRUE(open().add(commit(1, std::string(kMaxNote - 1, 'x') + "ü", std::string(kMaxNote - 2, 'x') + "ü"), ""));
  const History history = open();
  EXPECT_EQ(history.commits().front().what, std::string(kMaxNote - 1, 'x'));
  EXPECT_EQ(history.commits().front().comment, std::string(kMaxNote - 2, 'x') + "ü");
}

TEST_F(HistoryTest, OldCommitsAreForgottenByNumberAndBySize) {
  History history = open();
  for (std::uint64_t id = 1; id <= kMaxCommits + 2; ++id) {
    ASSERT_TRUE(history.add(commit(id), "hostname r1\n"));
  }
  EXPECT_THAT(history.commits(), SizeIs(kMaxCommits));
  EXPECT_EQ(history.commits().front().id, 3U);
  EXPECT_FALSE(fs::exists(path("00000002.conf")));
  EXPECT_TRUE(fs::exists(path("00000003.conf")));
  const std::string large(kMaxHistoryBytes, '!');
  ASSERT_TRUE(history.add(commit(kMaxCommits + 3), large));
  EXPECT_THAT(history.commits(), SizeIs(2)) << "what runs and what ran before, however large";
}

TEST_F(HistoryTest, RecordOfProbationIsKeptUntilCleared) {
  {
    History history = open();
    EXPECT_FALSE(history.unconfirmed());
    ASSERT_TRUE(history.set_unconfirmed(commit(1), "hostname before\n"));
  }
  {
    History history = open();
    ASSERT_TRUE(history.unconfirmed());
    EXPECT_EQ(history.unconfirmed()->commit.id, 1U);
    EXPECT_EQ(history.unconfirmed()->text, "hostname before\n");
    EXPECT_EQ(history.next_id(), 2U) << "the commit may have been logged";
    EXPECT_TRUE(history.clear_unconfirmed());
    EXPECT_TRUE(history.clear_unconfirmed());
  }
  EXPECT_FALSE(open().unconfirmed());
}

TEST_F(HistoryTest, DirectoryThatCannotBeIsDoneWithout) {
  std::ofstream(path("file")) << "x";
  History history(path("file") + "/commits", logger_);
  EXPECT_THAT(log_, testing::ElementsAre(HasSubstr("Not a directory")));
  EXPECT_FALSE(history.add(commit(1), "hostname r1\n"));
  EXPECT_EQ(history.text(0).value(), "hostname r1\n") << "from memory";
}

}  // namespace
}  // namespace tandem::config

// SPDX-License-Identifier: Apache-2.0
// On the real module of what every daemon has, with a daemon that applies nothing.
#include "lib/daemon/configuration_files.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "lib/config/fake_applier.h"
#include "lib/daemon/limits.h"

namespace tandem::daemon {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class KeepingSink final : public log::Sink {
 public:
  explicit KeepingSink(std::vector<std::string>& lines) : lines_(lines) {}
  void write(const log::Record& record) override { lines_.push_back(fmt::format("{} {}", record.id, record.text)); }

 private:
  std::vector<std::string>& lines_;
};

class ConfigurationFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "tandem-files.XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    options_.program = "exampled";
    options_.config_file = (directory_ / "exampled.conf").string();
    logger_.add(std::make_unique<KeepingSink>(log_), log::Level::debugging);
    auto loaded = yang::Context::load(yang::default_directory(), {"tandem-system"});
    ASSERT_TRUE(loaded) << loaded.error().message;
    context_ = std::move(*loaded);
    start();
  }
  void TearDown() override { fs::remove_all(directory_); }

  // Another worker, with the history of the one before.
  void start() {
    files_.reset();
    transactions_.reset();
    datastore_ = std::make_unique<config::Datastore>(*context_, applier_);
    history_ = std::make_unique<config::History>(directory_ / "commits", logger_);
    transactions_ = std::make_unique<config::Transactions>(*datastore_, *history_, logger_);
    files_ = std::make_unique<ConfigurationFiles>(
        ConfigurationFiles::Dependencies{.options = options_, .logger = logger_, .transactions = *transactions_});
    log_.clear();
  }
  void write(const std::string& text) const { std::ofstream(options_.config_file) << text; }
  std::string running() { return datastore_->print(); }

  fs::path directory_;
  Options options_;
  std::vector<std::string> log_;
  log::Logger logger_;
  std::unique_ptr<yang::Context> context_;
  config::FakeApplier applier_;
  std::unique_ptr<config::Datastore> datastore_;
  std::unique_ptr<config::History> history_;
  std::unique_ptr<config::Transactions> transactions_;
  std::unique_ptr<ConfigurationFiles> files_;
};

TEST_F(ConfigurationFilesTest, StartsWithTheStartupFile) {
  write("hostname one\n");
  const auto source = files_->load_first({});
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(*source, options_.config_file);
  EXPECT_THAT(running(), HasSubstr("hostname one"));
}

TEST_F(ConfigurationFilesTest, AMissingFileIsEmptyUnlessItWasGiven) {
  const auto source = files_->load_first({});
  EXPECT_TRUE(source) << source.error().message;
  EXPECT_THAT(log_, Contains(HasSubstr("VRRP-014")));
  options_.config_file_given = true;
  start();
  EXPECT_FALSE(files_->load_first({}));
}

TEST_F(ConfigurationFilesTest, WhatTheWorkerBeforeRanComesFirst) {
  write("hostname one\n");
  ASSERT_TRUE(files_->load_first({.configuration = "hostname two\n", .end = supervisor::End{}}));
  EXPECT_THAT(running(), HasSubstr("hostname two"));
}

TEST_F(ConfigurationFilesTest, ThenItsLastCommitIfThatIsLost) {
  write("hostname one\n");
  ASSERT_TRUE(files_->load_first({}));
  write("hostname two\n");
  files_->reload();
  write("hostname three\n");
  start();
  ASSERT_TRUE(files_->load_first({.end = supervisor::End{}}));
  EXPECT_THAT(running(), HasSubstr("hostname two"));
}

TEST_F(ConfigurationFilesTest, LeavesOutWhatAnotherVersionRan) {
  ASSERT_TRUE(files_->load_first({.configuration = "hostname two\nunheard of\n", .end = supervisor::End{}}));
  EXPECT_THAT(running(), HasSubstr("hostname two"));
  EXPECT_THAT(log_, Contains(HasSubstr("VRRP-100")));
}

TEST_F(ConfigurationFilesTest, AReloadWithErrorsChangesNothingAndNamesSomeOfThem) {
  write("hostname one\n");
  ASSERT_TRUE(files_->load_first({}));
  std::string wrong = "hostname two\n";
  for (std::size_t i = 0; i < kMaxReloadErrors + 3; ++i) {
    wrong += "unheard of\n";
  }
  write(wrong);
  log_.clear();
  files_->reload();
  EXPECT_THAT(running(), HasSubstr("hostname one"));
  EXPECT_THAT(log_, SizeIs(kMaxReloadErrors + 1));
  EXPECT_THAT(log_.back(), HasSubstr("3 more errors, which `exampled -C` lists"));
}

}  // namespace
}  // namespace tandem::daemon

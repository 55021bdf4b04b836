// SPDX-License-Identifier: Apache-2.0
// The commands of a daemon that has one of its own: its service needs no more than what stands here.
#include "lib/mgmt/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "lib/mgmt/command_table.h"
#include "lib/mgmt/messages.h"
#include "lib/yang/context.h"

namespace tandem::mgmt {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class CounterControl : public Control {
 public:
  std::string hostname() const override { return "r1"; }
  std::optional<std::string> motd() const override { return std::nullopt; }
  LogView logging() const override { return {}; }
  std::size_t session_count() const override { return 1; }
  std::vector<ObjectCount> object_counts() const override { return {{"Counters", "counters", 7}}; }

  unsigned count = 42;
};

base::Result<> show_count(const Invocation& in) {
  in.output.print(fmt::format("{}\n", own_control<CounterControl>(in).count));
  return {};
}

DaemonCommands counter_commands() {
  return {.sets = {{.rows = {{Access::view, "show count [counterd]", show_count}}, .helps = {{"count", "The count"}}}}};
}

class NoApplier : public config::Applier {
 public:
  Preparation prepare(const yang::Tree&) override { return std::make_unique<config::NothingToApply>(); }
};

class Screen : public SessionOutput {
 public:
  void print(std::string piece) override { text += piece; }
  void copy_log(LogCopy) override {}

  std::string text;
};

class CommandsOfADaemon : public testing::Test {
 protected:
  CommandsOfADaemon()
      : context_(std::move(*yang::Context::load(yang::default_directory(), {"tandem-cli", "tandem-system"}))),
        datastore_(*context_, applier_),
        history_("", logger_),
        transactions_(datastore_, history_, logger_),
        commands_({.daemon = "counterd",
                   .control = control_,
                   .datastore = datastore_,
                   .transactions = transactions_,
                   .config_file = "/nonexistent/counterd.conf",
                   .user = ""},
                  counter_commands()) {
    logger_.write<kRefused>("user", 0, 0, "", "");  // enters it into the catalogue
  }

  std::string run(std::string_view line) {
    Screen screen;
    SessionState session{.id = 1, .peer = {}};
    const auto done = commands_.execute({"enable", line}, screen, session);
    return done ? screen.text : done.error().message;
  }

  log::Logger logger_;
  CounterControl control_;
  NoApplier applier_;
  std::unique_ptr<yang::Context> context_;
  config::Datastore datastore_;
  config::History history_;
  config::Transactions transactions_;
  Commands commands_;
};

TEST_F(CommandsOfADaemon, HaveItsOwnBesideThoseOfEveryDaemon) {
  EXPECT_EQ(run("show count"), "42\n");
  EXPECT_EQ(run("show count counterd"), "42\n");
  EXPECT_THAT(run("show version"), StartsWith("Tandem counterd "));
  EXPECT_THAT(run("show logging"), StartsWith("Logging configuration for counterd:\n"));
  EXPECT_THAT(run("show memory json"), HasSubstr("\"counters\":7,\n"));
  EXPECT_THAT(run("show running-config counterd"), HasSubstr("Current configuration:\n"));
  EXPECT_THAT(run("show vrrp"), StartsWith("% "));
}

TEST_F(CommandsOfADaemon, ExplainLogMessages) {
  EXPECT_THAT(run("show logging message"), HasSubstr("MGMT-003"));
  EXPECT_EQ(run("show logging message mgmt-003"),
            "MGMT-003 (warnings)\n"
            "  Text:   ... (uid ..., pid ...) may not configure: refused \"...\"...\n"
            "  Advice: Add the user to the group tandem so that the user may configure.\n");
  EXPECT_EQ(run("show logging message X-1"), "% There is no message X-1: `show logging message` lists all");
}

}  // namespace
}  // namespace tandem::mgmt

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/cli/config_commands.h"
#include "lib/mgmt/commands.h"
#include "lib/yang/context.h"

namespace tandem::vrrpd::mgmt {
namespace {

class OperationalGrammar : public testing::Test {
 protected:
  OperationalGrammar() {
    context_ = std::move(*yang::Context::load(yang::default_directory(),
                                              {"tandem-cli", "tandem-system", "tandem-vrrp", "tandem-interfaces"}));
    const cli::ConfigCommands configuration(context_->schema());
    grammar_ = tandem::mgmt::operational_grammar("vrrpd", configuration.grammar(), daemon_commands());
  }

  std::unique_ptr<yang::Context> context_;
  cli::Grammar grammar_;
};

void collect_words_without_help(const cli::Element& element, std::vector<std::string>& words) {
  if (element.kind == cli::Element::Kind::token && element.token.help.empty()) {
    words.push_back(element.token.text);
  }
  for (const cli::Element& child : element.children) {
    collect_words_without_help(child, words);
  }
}

TEST_F(OperationalGrammar, ExplainsEveryWord) {
  for (const cli::Command& command : grammar_.commands) {
    std::vector<std::string> words;
    collect_words_without_help(command.syntax, words);
    EXPECT_THAT(words, testing::IsEmpty()) << cli::to_string(command.syntax);
  }
}

TEST_F(OperationalGrammar, LetsViewersLookAndNotChange) {
  const std::vector<std::pair<std::string, bool>> lines{{"show vrrp 5 interface eth1 detail json", true},
                                                        {"show vrrp history", true},
                                                        {"monitor vrrp", true},
                                                        {"show yang operational-data /", true},
                                                        {"show logging", true},
                                                        {"show memory", true},
                                                        {"clear vrrp statistics", false},
                                                        {"show running-config", false},
                                                        {"show startup-config", false},
                                                        {"debug vrrp packets", false},
                                                        {"write memory", false}};
  for (const auto& [line, allowed] : lines) {
    EXPECT_EQ(cli::match(grammar_, "view", line).status == cli::MatchStatus::matched, allowed) << line;
    EXPECT_EQ(cli::match(grammar_, "enable", line).status, cli::MatchStatus::matched) << line;
  }
}

TEST_F(OperationalGrammar, MarksTheLiveScreen) {
  EXPECT_EQ(cli::match(grammar_, "view", "monitor vrrp interface eth1").command->kind, cli::CommandKind::live);
  EXPECT_EQ(cli::match(grammar_, "view", "show vrrp").command->kind, cli::CommandKind::operational);
}

}  // namespace
}  // namespace tandem::vrrpd::mgmt

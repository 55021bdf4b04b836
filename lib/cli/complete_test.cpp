// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/complete.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/cli/test_grammar.h"

namespace tandem::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> texts(std::string_view line) {
  std::vector<std::string> result;
  for (const Candidate& candidate : candidates(test_grammar(), "m", line)) {
    result.push_back(candidate.text);
  }
  return result;
}

TEST(Candidates, AfterABlankAreTheWordsThatMayFollow) {
  EXPECT_THAT(texts(""), ElementsAre("debug", "ping", "route", "show", "vrrp"));
  EXPECT_THAT(texts("show vrrp "), ElementsAre("<cr>", "(1-255)", "interface", "json", "summary"));
  EXPECT_THAT(texts("show vrrp 5 "), ElementsAre("<cr>", "interface", "json", "summary"));  // each filter once
  EXPECT_THAT(texts("vrrp 5 ip "), ElementsAre("A.B.C.D[/M]"));                             // not those of ipv6
  EXPECT_THAT(texts("vrrp 5 preempt "), ElementsAre("<cr>", "delay"));
  EXPECT_THAT(texts("debug vrrp arp "), ElementsAre("<cr>", "packets", "protocol"));
  EXPECT_THAT(texts("vrrp 5 description "), ElementsAre("LINE..."));
  EXPECT_THAT(texts("vrrp 5 description two words "), ElementsAre("<cr>", "LINE..."));
}

TEST(Candidates, WithinAWordAreWhatItMayBecome) {
  EXPECT_THAT(texts("sh"), ElementsAre("show"));
  EXPECT_THAT(texts("vrrp 5 ip"), ElementsAre("ip", "ipv6"));
  EXPECT_THAT(texts("vrrp 5 pr"), ElementsAre("preempt", "priority"));
  EXPECT_THAT(texts("show vrrp interface e"), ElementsAre("IFNAME"));
  EXPECT_THAT(texts("vrrp 2"), ElementsAre("(1-255)"));
  EXPECT_THAT(texts("vrrp 5 ip 10.0"), ElementsAre("A.B.C.D[/M]"));
  EXPECT_THAT(texts("vrrp 5 ipv6 fe80:"), ElementsAre("X:X::X:X"));
}

TEST(Candidates, OfAWrongLineAreNone) {
  for (const char* line : {"vrrp 999", "vrrp x", "bogus ", "vrrp 5 preempt now ", "vrrp 5 ip foo", "show vrrp 300 "}) {
    EXPECT_THAT(texts(line), IsEmpty()) << line;
  }
}

// `ping east` is a complete line, although `east` is also the beginning of a keyword, which ranks higher.
TEST(Candidates, AfterACompleteLineAreTheEndAndWhatTheBetterReadingContinuesWith) {
  Grammar grammar;
  for (const char* syntax : {"ping NAME", "ping eastern TIMES"}) {
    grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax(syntax, {}).value()});
  }
  const auto found = candidates(grammar, "m", "ping east ");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].text, "<cr>");
  EXPECT_EQ(found[1].text, "TIMES");
}

TEST(Candidates, SayWhereLiveValuesComeFrom) {
  const auto found = candidates(test_grammar(), "m", "show vrrp interface ");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].completer, "interface");
  EXPECT_FALSE(found[0].keyword);
}

TEST(HelpTable, LooksLikeFrrs) {
  EXPECT_EQ(help_table(candidates(test_grammar(), "m", "show vrrp ")),
            "  <cr>\n"
            "  (1-255)    Virtual Router ID\n"
            "  interface  Interface information\n"
            "  json       JavaScript Object Notation\n"
            "  summary    Summarize all VRRP instances\n");
}

}  // namespace
}  // namespace tandem::cli

// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/limits.h"
#include "lib/cli/test_grammar.h"

namespace tandem::cli {
namespace {

using ::testing::ElementsAre;

std::string canonical(std::string_view line) {
  const Grammar grammar = test_grammar();
  const Match result = match(grammar, "m", line);
  switch (result.status) {
    case MatchStatus::matched:
      return result.canonical;
    case MatchStatus::unknown:
      return "unknown";
    case MatchStatus::incomplete:
      return "incomplete";
    case MatchStatus::ambiguous:
      return "ambiguous";
  }
  return {};
}

TEST(Match, ReadsLinesAsFrrDoes) {
  struct Case {
    const char* line;
    const char* canonical;
  };
  for (const Case& c : {
           Case{"vrrp 5", "vrrp 5"},
           Case{"  vr   5 \t prio  100  ", "vrrp 5 priority 100"},
           Case{"vrrp 5 p", "vrrp 5 preempt"},  // only complete commands compete
           Case{"vrrp 5 p 7", "vrrp 5 priority 7"},
           Case{"vrrp 5 i 10.0.2.16", "vrrp 5 ip 10.0.2.16"},  // the argument's type decides
           Case{"vrrp 5 i 2001:db8::1", "vrrp 5 ipv6 2001:db8::1"},
           Case{"vrrp 5 ip 10.0.2.16/24", "vrrp 5 ip 10.0.2.16/24"},
           Case{"vrrp 5 ip ::1", "vrrp 5 ipv6 ::1"},
           Case{"vrrp 5 d  two  words ", "vrrp 5 description two  words"},
           Case{"show vr", "ambiguous"},
           Case{"show vrf", "show vrf"},
           Case{"show vrrp json", "show vrrp json"},  // keyword before variable
           Case{"show vrrp 5 interface eth1", "show vrrp 5 interface eth1"},
           Case{"show vrrp interface eth1 5 json", "show vrrp interface eth1 5 json"},
           Case{"show vrrp 5 5", "unknown"},
           Case{"show vrrp interface", "incomplete"},
           Case{"debug vrrp", "debug vrrp"},
           Case{"debug vrrp arp prot", "debug vrrp arp protocol"},
           Case{"debug vrrp arp arp", "unknown"},
           Case{"debug vrrp p", "ambiguous"},  // protocol or packets: not a unique prefix
           Case{"ping ten", "ping ten"},       // exact keyword before prefix
           Case{"ping t", "ambiguous"},        // ten or tenth; a keyword has precedence over NAME
           Case{"VRRP 5", "unknown"},
           Case{"vrrp", "incomplete"},
           Case{"vrrp 5 priority", "incomplete"},
           Case{"", "incomplete"},
       }) {
    EXPECT_EQ(canonical(c.line), c.canonical) << c.line;
  }
}

TEST(Match, RefusesValuesOutsideTheirType) {
  for (const char* line : {"vrrp 0",
                           "vrrp 256",
                           "vrrp abc",
                           "vrrp -1",
                           "vrrp +1",
                           "vrrp 0x5",
                           "vrrp 5.0",
                           "vrrp 99999999999999999999",
                           "vrrp 5 ip 10.0.2.999",
                           "vrrp 5 ip foo",
                           "vrrp 5 ip 10.0.2.16/33",
                           "vrrp 5 ip 10.0.2.16/",
                           "vrrp 5 ipv6 10.0.2.16",
                           "vrrp 5 ipv6 2001:db8::zz",
                           "vrrp 5 ipv6 2001:db8::1/64",
                           "vrrp 5 priority 255",
                           "vrrp 5 track",
                           "vrrp 5 preempt junk",
                           "route 10.0.0.1",
                           "route 10.0.0.1/x",
                           "ping a\x01"
                           "b"}) {
    EXPECT_EQ(canonical(line), "unknown") << line;
  }
  EXPECT_EQ(canonical("route 10.0.0.1/8"), "route 10.0.0.1/8");
}

TEST(Match, BindsValuesAndKeywords) {
  const Grammar grammar = test_grammar();
  const Match result = match(grammar, "m", "sh vrrp 7 inter eth1 js");
  ASSERT_EQ(result.status, MatchStatus::matched);
  ASSERT_NE(result.bindings.find("vrid"), nullptr);
  EXPECT_EQ(*result.bindings.find("vrid"), "7");
  EXPECT_EQ(*result.bindings.find("ifname"), "eth1");
  EXPECT_TRUE(result.bindings.has("json"));
  EXPECT_FALSE(result.bindings.has("summary"));
}

TEST(Match, KnowsOnlyTheCommandsOfTheMode) {
  EXPECT_EQ(match(test_grammar(), "other", "vrrp 5").status, MatchStatus::unknown);
  EXPECT_EQ(match(test_grammar(), "none", "vrrp 5").status, MatchStatus::unknown);
}

TEST(Match, TellsWhatWasExpectedWhere) {
  const Grammar grammar = test_grammar();
  struct Case {
    const char* line;
    MatchStatus status;
    std::size_t offset;
    std::vector<std::string> expected;
  };
  for (const Case& c : {
           Case{"vrrp 5 priority 255", MatchStatus::unknown, 16, {"(1-254)"}},
           Case{"vrrp 5 ip foo", MatchStatus::unknown, 10, {"A.B.C.D[/M]"}},  // not the IPv6 address of the prefix "ip"
           Case{"vrrp 5 track",
                MatchStatus::unknown,
                7,
                {"description LINE...", "end of line", "ip A.B.C.D[/M]", "ipv6 X:X::X:X", "preempt",
                 "priority (1-254)"}},
           Case{"vrrp 5 preempt now", MatchStatus::unknown, 15, {"delay (0-3600)", "end of line"}},
           Case{" vrrp 5 prio ", MatchStatus::incomplete, 13, {"(1-254)"}},
           Case{"debug", MatchStatus::incomplete, 6, {"vrrp"}},
           Case{"pong", MatchStatus::unknown, 0, {"debug", "ping", "route A.B.C.D/M", "show", "vrrp (1-255)"}},
       }) {
    const Match result = match(grammar, "m", c.line);
    EXPECT_EQ(result.status, c.status) << c.line;
    EXPECT_EQ(result.error_offset, c.offset) << c.line;
    EXPECT_EQ(result.expected, c.expected) << c.line;
  }
}

TEST(Match, LongListsOfExpectedWordsKeepOnlyWhatResembles) {
  Grammar grammar;
  for (const char* word : {"a1", "b1", "c1", "d1", "e1", "f1", "prior", "preempt", "ip", "ipv6"}) {
    grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax(word, {}).value()});
  }
  EXPECT_THAT(match(grammar, "m", "prix").expected, ElementsAre("prior"));
  EXPECT_THAT(match(grammar, "m", "pq").expected, ElementsAre("preempt", "prior"));
  EXPECT_EQ(match(grammar, "m", "x").expected.size(), 9U);
  EXPECT_EQ(match(grammar, "m", "x").expected.back(), "...");
  EXPECT_EQ(match(grammar, "m", "island").expected.back(), "...") << "one letter is no resemblance";
}

TEST(Match, ExpectedWordsFitATerminal) {
  Grammar grammar;
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    const std::string word(24, letter);
    grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax(word, {}).value()});
  }
  EXPECT_EQ(error_text(match(grammar, "m", "x"), "x"),
            "% Unknown command: x\n"
            "                   ^\n"
            "expected: aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbb,\n"
            "          cccccccccccccccccccccccc, dddddddddddddddddddddddd");
}

TEST(Match, HiddenCommandsAreAcceptedButNotSuggested) {
  Grammar grammar;
  grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax("secret", {}).value(), .hidden = true});
  grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax("open", {}).value()});
  EXPECT_EQ(match(grammar, "m", "sec").status, MatchStatus::matched);
  EXPECT_THAT(match(grammar, "m", "x").expected, ElementsAre("open"));
}

TEST(Match, HiddenCommandsDoNotMakeVisibleOnesAmbiguous) {
  Grammar grammar;
  grammar.commands.push_back(
      Command{.mode = "m", .syntax = parse_syntax("log facility LINE...", {}).value(), .hidden = true});
  grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax("log file LINE...", {}).value()});
  const Match result = match(grammar, "m", "log f /var/log/x");
  ASSERT_EQ(result.status, MatchStatus::matched);
  EXPECT_EQ(result.canonical, "log file /var/log/x");
  EXPECT_EQ(match(grammar, "m", "log fa local0").canonical, "log facility local0");
}

TEST(Match, TheSameCommandTwiceIsNotAmbiguous) {
  Grammar grammar;  // vtysh merges the grammars of several daemons
  grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax("hostname WORD", {}).value(), .id = 1});
  grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax("hostname WORD", {}).value(), .id = 2});
  const Match result = match(grammar, "m", "host r1");
  ASSERT_EQ(result.status, MatchStatus::matched);
  EXPECT_EQ(result.command->id, 1U);
}

TEST(ErrorText, PutsTheCaretUnderTheWrongWord) {
  const Grammar grammar = test_grammar();
  const auto text = [&](std::string_view line) { return error_text(match(grammar, "m", line), line); };
  EXPECT_EQ(text("vrrp 5 priority 255"),
            "% Unknown command: vrrp 5 priority 255\n"
            "                                   ^\n"
            "expected: (1-254)");
  EXPECT_EQ(text("vrrp 5 priority"),
            "% Command incomplete: vrrp 5 priority\n"
            "                                      ^\n"
            "expected: (1-254)");
  EXPECT_EQ(text("vrrp\t5 ip \xc3\xa4"),  // a tab and an umlaut take one column each
            "% Unknown command: vrrp 5 ip \xc3\xa4\n"
            "                             ^\n"
            "expected: A.B.C.D[/M]");
  EXPECT_EQ(text("show vr"),
            "% Ambiguous command: show vr\n"
            "candidates:\n"
            "    show vrf\n"
            "    show vrrp [{interface IFNAME|(1-255)}] [json|summary]");
}

TEST(ErrorText, RefusesLinesBeyondTheLimitWithoutEchoingThem) {
  const std::string line = "vrrp 5 description " + std::string(base::kMaxLineLength, 'x');
  const Match result = match(test_grammar(), "m", line);
  EXPECT_EQ(result.status, MatchStatus::unknown);
  EXPECT_LT(error_text(result, line).size(), 100U);
}

TEST(Match, NestedSetsOnLongLinesStayCheap) {
  Grammar grammar;
  const char* const nested = "{a|a b|[c] a {d|A {x|y|z}|[a] e [[a] a]}|{a|b|A {p|q|a B}}|WORD|OTHER|THIRD|{X|Y|Z}}";
  grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax(nested, {}).value()});
  std::string line;
  while (line.size() < base::kMaxLineLength - 2) {
    line += "a ";
  }
  EXPECT_EQ(match(grammar, "m", line).status, MatchStatus::unknown);  // within the test's time limit
}

}  // namespace
}  // namespace tandem::cli

// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/grammar.h"

#include <gtest/gtest.h>

namespace tandem::cli {
namespace {

TEST(ParseSyntax, PrintsBackWhatItRead) {
  for (const char* text : {
           "show vrrp [interface IFNAME] [(1-255)] [json]",
           "debug vrrp {protocol|packets|arp}",
           "log <stdout|syslog> [LEVEL]",
           "vrrp (1-255) ip A.B.C.D[/M]",
           "a A.B.C.D b A.B.C.D/M c X:X::X:X d X:X::X:X[/M] e X:X::X:X/M",
           "description LINE...",
           "show vrrp [{interface IFNAME|(1-255)}] [json]",
           "x [a|b c]",
           "x [[a] b]",
       }) {
    const auto syntax = parse_syntax(text, {});
    ASSERT_TRUE(syntax.has_value()) << text << ": " << syntax.error().message;
    EXPECT_EQ(to_string(*syntax), text);
  }
}

TEST(ParseSyntax, TellsTheKindOfATokenByItsSpelling) {
  struct Case {
    const char* text;
    TokenKind kind;
  };
  for (const Case& c : {Case{"accept-mode", TokenKind::keyword}, Case{"(1-255)", TokenKind::number},
                        Case{"A.B.C.D", TokenKind::ipv4}, Case{"A.B.C.D[/M]", TokenKind::ipv4_prefix},
                        Case{"X:X::X:X", TokenKind::ipv6}, Case{"X:X::X:X/M", TokenKind::ipv6_prefix},
                        Case{"IFNAME", TokenKind::word}, Case{"LINE...", TokenKind::line}}) {
    const auto syntax = parse_syntax(c.text, {});
    ASSERT_TRUE(syntax.has_value()) << c.text;
    EXPECT_EQ(syntax->children.at(0).token.kind, c.kind) << c.text;
  }
}

TEST(ParseSyntax, TakesHelpsOfARepeatedTokenInOrder) {
  const auto syntax = parse_syntax("a (1-9) b (1-9) c (1-9)", {{"(1-9)", "first", "x"}, {"(1-9)", "second", "y"}});
  ASSERT_TRUE(syntax.has_value());
  EXPECT_EQ(syntax->children[1].token.help, "first");
  EXPECT_EQ(syntax->children[1].token.name, "x");
  EXPECT_EQ(syntax->children[3].token.help, "second");
  EXPECT_EQ(syntax->children[5].token.name, "y");
  EXPECT_EQ(syntax->children[0].token.name, "a");
}

TEST(ParseSyntax, NamesThePositionOfAnError) {
  struct Case {
    std::string text;
    const char* position;
  };
  for (const Case& c : {Case{"show [vrrp", "position 10"}, Case{"show ]", "position 5"}, Case{"a <b|>", "position 5"},
                        Case{"", "position 0"}, Case{"a [b}", "position 4"}, Case{"a (9-1)", "position 2"},
                        Case{std::string(1000, '['), "position 16"}}) {
    const auto syntax = parse_syntax(c.text, {});
    ASSERT_FALSE(syntax.has_value()) << c.text;
    EXPECT_NE(syntax.error().message.find(c.position), std::string::npos) << syntax.error().message;
  }
}

}  // namespace
}  // namespace tandem::cli

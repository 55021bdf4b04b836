// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/codec.h"

#include <gtest/gtest.h>

#include "lib/ipc/frame.h"

namespace tandem::ipc {
namespace {

template <class Body>
Body round_trip_request(const Body& body) {
  const auto decoded = decode_request(encode(Request{77, body}));
  EXPECT_TRUE(decoded);
  EXPECT_EQ(decoded->id, 77U);
  return std::get<Body>(decoded->body);
}

template <class Body>
Body round_trip_reply(const Body& body) {
  const auto decoded = decode_reply(encode(Reply{78, body}));
  EXPECT_TRUE(decoded);
  EXPECT_EQ(decoded->id, 78U);
  return std::get<Body>(decoded->body);
}

TEST(Codec, RequestsKeepEveryField) {
  const Hello hello = round_trip_request(Hello{9, "vtysh"});
  EXPECT_EQ(hello.protocol_version, 9U);
  EXPECT_EQ(hello.client, "vtysh");
  const Execute execute =
      round_trip_request(Execute{"config-if", "vrrp 5 description \xff", {"interface eth1", "x"}, 132});
  EXPECT_EQ(execute.columns, 132U);
  EXPECT_EQ(execute.mode, "config-if");
  EXPECT_EQ(execute.line, "vrrp 5 description \xff") << "a line may hold any bytes";
  EXPECT_EQ(execute.context, (cli::Context{"interface eth1", "x"}));
  const Load load = round_trip_request(Load{"a.conf", "interface eth1\n", true, true});
  EXPECT_EQ(load.name, "a.conf");
  EXPECT_EQ(load.text, "interface eth1\n");
  EXPECT_TRUE(load.check_only);
  EXPECT_TRUE(load.lenient);
  EXPECT_TRUE(round_trip_request(LeaveConfiguration{true}).discard);
  EXPECT_EQ(round_trip_request(Complete{"interface"}).source, "interface");
}

TEST(Codec, RepliesKeepEveryField) {
  EXPECT_EQ(round_trip_reply(Output{"a\nb\n"}).text, "a\nb\n");
  const Done done = round_trip_reply(Done{false, "% no", "r1", {"interface eth1"}, true, true});
  EXPECT_FALSE(done.ok);
  EXPECT_EQ(done.error, "% no");
  EXPECT_EQ(done.hostname, "r1");
  EXPECT_EQ(done.context, cli::Context{"interface eth1"});
  EXPECT_TRUE(done.candidate);
  EXPECT_TRUE(done.uncommitted);
  EXPECT_EQ(round_trip_reply(Completions{{"eth0", "eth1"}}).values, (std::vector<std::string>{"eth0", "eth1"}));
  EXPECT_EQ(round_trip_reply(LogLine{"x"}).text, "x");
}

cli::Element token(cli::TokenKind kind) {
  cli::Element element;
  element.kind = cli::Element::Kind::token;
  element.token = {kind, "text", "help", "name", "interface", -5, std::int64_t{1} << 40U, cli::PrefixLength::required};
  return element;
}

void expect_equal(const cli::Element& left, const cli::Element& right) {
  EXPECT_EQ(left.kind, right.kind);
  EXPECT_EQ(left.token.kind, right.token.kind);
  EXPECT_EQ(left.token.text, right.token.text);
  EXPECT_EQ(left.token.help, right.token.help);
  EXPECT_EQ(left.token.name, right.token.name);
  EXPECT_EQ(left.token.completer, right.token.completer);
  EXPECT_EQ(left.token.minimum, right.token.minimum);
  EXPECT_EQ(left.token.maximum, right.token.maximum);
  EXPECT_EQ(left.token.prefix_length, right.token.prefix_length);
  ASSERT_EQ(left.children.size(), right.children.size());
  for (std::size_t i = 0; i < left.children.size(); ++i) {
    expect_equal(left.children[i], right.children[i]);
  }
}

TEST(Codec, GrammarArrivesWhole) {
  cli::Element every_token;
  every_token.kind = cli::Element::Kind::sequence;
  for (int kind = 0; kind <= static_cast<int>(cli::TokenKind::line); ++kind) {
    every_token.children.push_back(token(static_cast<cli::TokenKind>(kind)));
  }
  cli::Element syntax;
  for (const auto kind : {cli::Element::Kind::choice, cli::Element::Kind::any_order, cli::Element::Kind::optional}) {
    cli::Element nested;
    nested.kind = kind;
    nested.children = {every_token, token(cli::TokenKind::word)};
    syntax.children.push_back(nested);
  }
  Welcome welcome{"vrrpd", "1.0", "r1", true, {}, {{"Master", Tone::bad}}, "Hands off"};
  welcome.grammar.commands.push_back({"config", syntax, "config-if", true, 42, cli::CommandKind::live});
  welcome.grammar.commands.push_back({"view", every_token, "", false, 0});

  const Welcome arrived = round_trip_reply(welcome);
  EXPECT_EQ(arrived.daemon, "vrrpd");
  EXPECT_EQ(arrived.version, "1.0");
  EXPECT_EQ(arrived.hostname, "r1");
  EXPECT_TRUE(arrived.may_configure);
  ASSERT_EQ(arrived.grammar.commands.size(), 2U);
  const cli::Command& command = arrived.grammar.commands.front();
  EXPECT_EQ(command.mode, "config");
  EXPECT_EQ(command.enters_mode, "config-if");
  EXPECT_TRUE(command.hidden);
  EXPECT_EQ(command.id, 42U);
  EXPECT_EQ(command.kind, cli::CommandKind::live);
  EXPECT_EQ(arrived.motd, "Hands off");
  for (const std::optional<std::string>& motd : {std::optional<std::string>(), std::optional<std::string>("")}) {
    welcome.motd = motd;
    EXPECT_EQ(round_trip_reply(welcome).motd, motd) << "nothing is not the same as not set";
  }
  ASSERT_EQ(arrived.highlights.size(), 1U);
  EXPECT_EQ(arrived.highlights.front().word, "Master");
  EXPECT_EQ(arrived.highlights.front().tone, Tone::bad);
  expect_equal(command.syntax, syntax);
  expect_equal(arrived.grammar.commands.back().syntax, every_token);
}

TEST(Codec, RefusesWhatIsNoMessage) {
  for (const std::string& bytes :
       {std::string("garbage!"), std::string(), std::string("\x08\x01"), std::string("\xff\xff\xff")}) {
    EXPECT_FALSE(decode_request(bytes)) << bytes;
    EXPECT_FALSE(decode_reply(bytes)) << bytes;
  }
}

// Any client can send such text often; libprotobuf must not write to the daemon's standard error for it.
TEST(Codec, TextThatIsNotUtf8IsTakenInSilence) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(round_trip_request(Hello{1, "\xff"}).client, "\xff");
  EXPECT_EQ(round_trip_request(Execute{"\xff", "\xff"}).mode, "\xff");
  EXPECT_EQ(round_trip_request(Complete{"\xff"}).source, "\xff");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Codec, RefusesAnElementOfUnknownKind) {
  Welcome welcome;
  welcome.grammar.commands.push_back({"view", token(static_cast<cli::TokenKind>(99)), "", false, 0});
  EXPECT_FALSE(decode_reply(encode(Reply{1, welcome})));
}

TEST(FrameParser, GivesMessagesHoweverTheyAreCut) {
  const std::string stream = frame("one") + frame("") + frame(std::string(300, 'x'));
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    FrameParser parser;
    std::vector<std::string> messages;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      parser.add(std::string_view(stream).substr(at, piece));
      for (auto next = parser.next(); next && *next; next = parser.next()) {
        messages.push_back(**next);
      }
    }
    ASSERT_EQ(messages, (std::vector<std::string>{"one", "", std::string(300, 'x')})) << "pieces of " << piece;
  }
}

TEST(FrameParser, RefusesAnAnnouncedLengthBeyondTheLimitBeforeTheRestArrives) {
  FrameParser parser;
  parser.add(std::string("\xff\xff\xff\xff", 4));
  EXPECT_FALSE(parser.next());
}

TEST(FrameParser, AcceptsAMessageOfTheLargestSize) {
  FrameParser parser;
  parser.add(frame(std::string(kMaxFrameSize, 'x')));
  const auto next = parser.next();
  ASSERT_TRUE(next && *next);
  EXPECT_EQ((*next)->size(), kMaxFrameSize);
}

}  // namespace
}  // namespace tandem::ipc

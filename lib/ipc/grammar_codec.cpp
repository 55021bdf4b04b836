// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/grammar_codec.h"

namespace tandem::ipc {
namespace {

// The wire has the numbers of the enums: new enumerators come last in both lists.
static_assert(static_cast<int>(cli::TokenKind::keyword) == proto::Token::KEYWORD);
static_assert(static_cast<int>(cli::TokenKind::ipv4_prefix) == proto::Token::IPV4_PREFIX);
static_assert(static_cast<int>(cli::TokenKind::line) == proto::Token::LINE);
static_assert(static_cast<int>(cli::Element::Kind::token) == proto::Element::TOKEN);
static_assert(static_cast<int>(cli::Element::Kind::choice) == proto::Element::CHOICE);
static_assert(static_cast<int>(cli::Element::Kind::optional) == proto::Element::OPTIONAL);
static_assert(static_cast<int>(cli::CommandKind::configuration) == proto::Command::CONFIGURATION);
static_assert(static_cast<int>(cli::CommandKind::live) == proto::Command::LIVE);

void to_proto(const cli::Token& token, proto::Token& message) {
  message.set_kind(static_cast<proto::Token::Kind>(token.kind));
  message.set_text(token.text);
  message.set_help(token.help);
  message.set_name(token.name);
  message.set_completer(token.completer);
  message.set_minimum(token.minimum);
  message.set_maximum(token.maximum);
  message.set_prefix_length_required(token.prefix_length == cli::PrefixLength::required);
}

base::Result<cli::Token> from_proto(const proto::Token& message) {
  if (!proto::Token::Kind_IsValid(message.kind())) {
    return base::fail("unknown kind of token ({})", static_cast<int>(message.kind()));
  }
  cli::Token token;
  token.kind = static_cast<cli::TokenKind>(message.kind());
  token.text = message.text();
  token.help = message.help();
  token.name = message.name();
  token.completer = message.completer();
  token.minimum = message.minimum();
  token.maximum = message.maximum();
  token.prefix_length = message.prefix_length_required() ? cli::PrefixLength::required : cli::PrefixLength::optional;
  return token;
}

void to_proto(const cli::Element& element, proto::Element& message) {
  message.set_kind(static_cast<proto::Element::Kind>(element.kind));
  if (element.kind == cli::Element::Kind::token) {
    to_proto(element.token, *message.mutable_token());
  }
  for (const cli::Element& child : element.children) {
    to_proto(child, *message.add_children());
  }
}

// protobuf limits the depth: it refuses more than 100 levels.
base::Result<cli::Element> from_proto(const proto::Element& message) {
  if (!proto::Element::Kind_IsValid(message.kind())) {
    return base::fail("unknown kind of syntax element ({})", static_cast<int>(message.kind()));
  }
  cli::Element element;
  element.kind = static_cast<cli::Element::Kind>(message.kind());
  if (element.kind == cli::Element::Kind::token) {
    element.token = TANDEM_TRY(from_proto(message.token()));
  }
  for (const proto::Element& child_message : message.children()) {
    auto child = from_proto(child_message);
    if (!child) {
      return child;
    }
    element.children.push_back(std::move(*child));
  }
  return element;
}

}  // namespace

void to_proto(const cli::Grammar& grammar, proto::Grammar& message) {
  for (const cli::Command& command : grammar.commands) {
    proto::Command& to = *message.add_commands();
    to.set_mode(command.mode);
    to_proto(command.syntax, *to.mutable_syntax());
    to.set_enters_mode(command.enters_mode);
    to.set_hidden(command.hidden);
    to.set_id(command.id);
    to.set_kind(static_cast<proto::Command::Kind>(command.kind));
  }
}

base::Result<cli::Grammar> from_proto(const proto::Grammar& message) {
  cli::Grammar grammar;
  for (const proto::Command& from : message.commands()) {
    auto syntax = TANDEM_TRY(from_proto(from.syntax()));
    if (!proto::Command::Kind_IsValid(from.kind())) {
      return base::fail("unknown kind of command ({})", static_cast<int>(from.kind()));
    }
    cli::Command command;
    command.mode = from.mode();
    command.syntax = std::move(syntax);
    command.enters_mode = from.enters_mode();
    command.hidden = from.hidden();
    command.id = from.id();
    command.kind = static_cast<cli::CommandKind>(from.kind());
    grammar.commands.push_back(std::move(command));
  }
  return grammar;
}

}  // namespace tandem::ipc

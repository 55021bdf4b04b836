// SPDX-License-Identifier: Apache-2.0
// Commands as data. A command's syntax is a small expression, written as FRR users know it from `list`:
//
//   show vrrp [interface IFNAME] [(1-255)] [json]   words, ranges, UPPERCASE variables, [optional]
//   debug vrrp {protocol|packets|arp}               {a|b|c} at least one of them, each at most once, in any order
//   log <stdout|syslog> [LEVEL]                     <a|b> one of them
//   vrrp (1-255) ip A.B.C.D[/M]                     an IPv4 address, optionally with prefix length; also A.B.C.D,
//                                                   A.B.C.D/M (length required), and the same of X:X::X:X
//   description LINE...                             rest of the line
//
// `[{interface IFNAME|(1-255)}]` accepts both orders of the filters. The daemon builds the grammar (configuration
// commands from the schema, the others from its command table) and sends it to vtysh. Both sides match with the same
// code.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace tandem::cli {

enum class TokenKind : std::uint8_t { keyword, number, ipv4, ipv4_prefix, ipv6, ipv6_prefix, word, line };

// Of an ipv4_prefix or ipv6_prefix: "A.B.C.D[/M]" or "A.B.C.D/M".
enum class PrefixLength : std::uint8_t { optional, required };

// One word of a command line.
struct Token {
  TokenKind kind = TokenKind::keyword;
  std::string text;  // keyword; otherwise the text that `?` shows: "(1-255)", "A.B.C.D", "IFNAME"
  std::string help;
  std::string name;       // of the value in Bindings; a keyword that stands for a value binds its text
  std::string completer;  // source of live values ("interface"); empty: none
  std::int64_t minimum = 0;
  std::int64_t maximum = 0;
  PrefixLength prefix_length = PrefixLength::optional;
};

// A syntax expression. `sequence`: all in order; `choice`: one; `any_order`: at least one, each at most once;
// `optional`: one child or nothing.
struct Element {
  enum class Kind : std::uint8_t { token, sequence, choice, any_order, optional };
  Kind kind = Kind::sequence;
  Token token;                    // kind token
  std::vector<Element> children;  // of the other kinds
};

// How a shell handles a command. `configuration`: a line of a configuration, sent as it was typed. `operational`: its
// output can be piped through filters. `live`: operational, and the shell requests its screen again and again.
enum class CommandKind : std::uint8_t { configuration, operational, live };

struct Command {
  std::string mode = {};         // the mode of the command: "view", "enable", "config", "config-if"
  Element syntax = {};           // sequence
  std::string enters_mode = {};  // mode it opens, or empty
  bool hidden = false;
  std::uint32_t id = 0;  // for the code that built the grammar: a handler, or a schema node and form
  CommandKind kind = CommandKind::operational;
};

struct Grammar {
  std::vector<Command> commands;
};

// The meaning of the tokens of a syntax text: one entry per keyword or variable, in any order. If a token occurs
// several times, its entries are used in order, and the last one for all further occurrences. A token without entry has
// no help and binds its text.
struct TokenHelp {
  std::string_view token;  // as written in the syntax text: "interface", "(1-255)", "IFNAME", "LINE..."
  std::string_view help;
  std::string_view name = {};  // binding name; default: the token's text
  std::string_view completer = {};
};

// Parses a syntax text. Fails on unbalanced brackets; the error names the position. Tests parse all tables of the
// programs.
base::Result<Element> parse_syntax(std::string_view text, const std::vector<TokenHelp>& helps);

// The inverse: the text for `list`.
std::string to_string(const Element& syntax);

}  // namespace tandem::cli

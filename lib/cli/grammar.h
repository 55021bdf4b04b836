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
// `[{interface IFNAME|(1-255)}]` makes both orders of the filters acceptable. The grammar is built by the daemon
// (configuration commands from the schema, the rest from its command table), sent to vtysh, and matched on both sides
// by the same code.
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
  std::string text;  // keyword; otherwise what `?` shows: "(1-255)", "A.B.C.D", "IFNAME"
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
  std::vector<Element> children;  // the others
};

// What a shell does with a command. `configuration`: a line of a configuration, sent as it was typed. `operational`:
// its output can be piped through filters. `live`: operational, and a screen that is asked for again and again.
enum class CommandKind : std::uint8_t { configuration, operational, live };

struct Command {
  std::string mode = {};         // where it is accepted: "view", "enable", "config", "config-if"
  Element syntax = {};           // sequence
  std::string enters_mode = {};  // mode it opens, or empty
  bool hidden = false;
  std::uint32_t id = 0;  // means something to the code that built the grammar (a handler, a schema node and form)
  CommandKind kind = CommandKind::operational;
};

struct Grammar {
  std::vector<Command> commands;
};

// How the tokens of a syntax text are to be understood: one entry per keyword or variable, in any order. If a token
// occurs several times its entries are used in order, the last one for all further occurrences. A token without entry
// has no help and binds its text.
struct TokenHelp {
  std::string_view token;  // as written in the syntax text: "interface", "(1-255)", "IFNAME", "LINE..."
  std::string_view help;
  std::string_view name = {};  // binding name; default: the token's text
  std::string_view completer = {};
};

// Parses a syntax text. Fails (naming the position) on unbalanced brackets; tables in the program are covered by tests.
base::Result<Element> parse_syntax(std::string_view text, const std::vector<TokenHelp>& helps);

// The inverse: what `list` prints.
std::string to_string(const Element& syntax);

}  // namespace tandem::cli

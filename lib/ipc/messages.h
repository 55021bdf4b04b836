// SPDX-License-Identifier: Apache-2.0
// The messages between daemon and shell, as plain values; management.proto is their form on the wire and private to
// this folder. The answer to a request is any number of Output and finally one Done (or Completions) with the same id.
// Sessions that monitor the log may get a LogLine at any time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/cli/grammar.h"

namespace tandem::ipc {

inline constexpr std::uint32_t kProtocolVersion = 2;

struct Hello {  // first message of a client
  std::uint32_t protocol_version = kProtocolVersion;
  std::string client;  // "vtysh"
};
// A line typed in `mode`. A configuration line (cli::CommandKind::configuration) changes the session's candidate.
// Without a candidate it is a transaction of its own on the running configuration.
struct Execute {
  std::string mode;  // the command is in its grammar: "view", "enable", "config", "config-if"
  std::string line;
  cli::Context context = {};  // of configuration modes; otherwise empty
  std::uint32_t columns = 0;  // of the terminal that shows a live screen; 0: none
};
// A whole file: merged into the session's candidate or, without a candidate, into the running configuration as one
// transaction.
struct Load {
  std::string name;  // for messages: "NAME:LINE: …"
  std::string text;
  bool check_only = false;
  bool lenient = false;  // unknown lines are reported (as Output) and skipped
  // Loads nothing: checks the file as if it were the whole configuration, and returns it (as Output) in the form for
  // tools that compare files (cli::Style::separate).
  bool separate = false;
};
// Ends the configuration session (`configure private|exclusive`). Refused while there are uncommitted changes
// (Done::ok false, Done::uncommitted true, no error text), unless `discard` is set. Succeeds without a candidate.
struct LeaveConfiguration {
  bool discard = false;
};
struct Complete {      // asks for the current values of a source
  std::string source;  // "interface"
};

struct Request {
  std::uint32_t id = 0;
  std::variant<Hello, Execute, Load, LeaveConfiguration, Complete> body;
};

// The colour of a word of the output, by its meaning for the operator.
enum class Tone : std::uint8_t { good, neutral, bad };
struct Highlight {
  std::string word;  // a whole word: "Master"
  Tone tone = Tone::neutral;
};

struct Welcome {       // the answer to Hello
  std::string daemon;  // "vrrpd"
  std::string version;
  std::string hostname;
  bool may_configure = false;
  cli::Grammar grammar;
  std::vector<Highlight> highlights;
  std::optional<std::string> motd = {};  // greeting of a session; empty: none; nullopt: the shell's default
};
struct Output {
  std::string text;
};
struct Done {
  bool ok = true;
  std::string error = {};     // see error_text.h; no trailing newline; empty if ok
  std::string hostname = {};  // the current one, for the prompt
  cli::Context context = {};  // after a configuration line: the context of the next one
  bool candidate = false;     // the session has a candidate: its lines wait for `commit`
  bool uncommitted = false;   // the candidate differs from the configuration that it began with
};
struct Completions {
  std::vector<std::string> values;
};
struct LogLine {
  std::string text;
};

struct Reply {
  std::uint32_t id = 0;
  std::variant<Welcome, Output, Done, Completions, LogLine> body;
};

}  // namespace tandem::ipc

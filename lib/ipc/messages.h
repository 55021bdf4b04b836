// SPDX-License-Identifier: Apache-2.0
// What daemon and shell say to each other, as plain values; management.proto is their form on the wire and stays inside
// this folder. A request is answered by any number of Output and finally one Done (or Completions) with the same id.
// LogLine comes at any time to sessions that monitor.
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
// A line typed in `mode`. A configuration line (cli::CommandKind::configuration) goes into the session's candidate, or,
// without one, into the running configuration as a transaction of its own.
struct Execute {
  std::string mode;  // in which the line was understood: "view", "enable", "config", "config-if"
  std::string line;
  cli::Context context = {};  // of configuration modes; else empty
  std::uint32_t columns = 0;  // of the terminal that shows a live screen; 0: there is none
};
// A whole file: into the session's candidate, or, without one, merged into the running configuration as one
// transaction.
struct Load {
  std::string name;  // for messages: "NAME:LINE: …"
  std::string text;
  bool check_only = false;
  bool lenient = false;  // lines that are no command are reported (as Output) and skipped
  // Nothing is loaded: the file is checked as if it were the whole configuration, and answered (as Output) in the form
  // that tools compare (cli::Style::separate).
  bool separate = false;
};
// Ends the configuration session (`configure private|exclusive`). With changes that are not committed it is refused
// (Done::ok false, Done::uncommitted true, no error text), unless they are to be discarded. Harmless without a
// candidate.
struct LeaveConfiguration {
  bool discard = false;
};
struct Complete {      // live values
  std::string source;  // "interface"
};

struct Request {
  std::uint32_t id = 0;
  std::variant<Hello, Execute, Load, LeaveConfiguration, Complete> body;
};

// How a shell may paint a word of the output on a terminal: by what it means for the operator.
enum class Tone : std::uint8_t { good, neutral, bad };
struct Highlight {
  std::string word;  // a whole word: "Master"
  Tone tone = Tone::neutral;
};

struct Welcome {       // answers Hello
  std::string daemon;  // "vrrpd"
  std::string version;
  std::string hostname;
  bool may_configure = false;
  cli::Grammar grammar;
  std::vector<Highlight> highlights;
  std::optional<std::string> motd =
      {};  // a session begins with it; empty: with nothing; not set: with its own greeting
};
struct Output {
  std::string text;
};
struct Done {
  bool ok = true;
  std::string error = {};     // with "% ", no trailing newline; empty if ok
  std::string hostname = {};  // the one in force now: it is in the prompt
  cli::Context context = {};  // of a configuration line: where the session is afterwards
  bool candidate = false;     // the session has a candidate: its lines wait for `commit`
  bool uncommitted = false;   // and the candidate differs from the configuration that it began with
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

// SPDX-License-Identifier: Apache-2.0
// What daemon and shell say to each other, as plain values; management.proto is their form on the wire and stays inside
// this folder. A request is answered by any number of Output and finally one Done (or Completions) with the same id.
// LogLine comes at any time to sessions that monitor.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/cli/grammar.h"

namespace tandem::ipc {

inline constexpr std::uint32_t kProtocolVersion = 1;

struct Hello {  // first message of a client
  std::uint32_t protocol_version = kProtocolVersion;
  std::string client;  // "vtysh"
};
struct Execute {  // a command of view or enable mode
  std::string mode;
  std::string line;
};
struct Configure {  // one configuration line, its own transaction
  cli::Context context;
  std::string line;
};
struct Load {        // a whole file as one transaction, merged into the running configuration
  std::string name;  // for messages: "NAME:LINE: …"
  std::string text;
  bool check_only = false;
};
struct Complete {      // live values
  std::string source;  // "interface"
};

struct Request {
  std::uint32_t id = 0;
  std::variant<Hello, Execute, Configure, Load, Complete> body;
};

struct Welcome {       // answers Hello
  std::string daemon;  // "vrrpd"
  std::string version;
  std::string hostname;
  bool may_configure = false;
  cli::Grammar grammar;
};
struct Output {
  std::string text;
};
struct Done {
  bool ok = true;
  std::string error;     // with "% ", no trailing newline; empty if ok
  std::string hostname;  // the one in force now: it is in the prompt
  cli::Context context;  // of Configure: where the session is afterwards
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

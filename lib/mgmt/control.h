// SPDX-License-Identifier: Apache-2.0
// What the management side asks of a daemon, whichever it is. A daemon derives a Control of its own from this one, with
// what its own commands ask (command_table.h, own_control()).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/log/log.h"

namespace tandem::mgmt {

// Where messages go, and the last of them.
struct LogDestination {
  std::string name;                 // "File logging"
  std::string where;                // file or option; may be empty
  std::optional<log::Level> level;  // nullopt: disabled
  std::uint64_t dropped = 0;        // lines that could not be written
};
struct LogView {
  std::vector<LogDestination> destinations;
  std::uint64_t dropped = 0;       // messages that reached no destination
  std::vector<std::string> lines;  // oldest first
};

// A row of `show memory`: how many objects of one kind there are.
struct ObjectCount {
  const char* label;     // "Groups"
  const char* json_key;  // "groups"
  std::size_t count;
};

// All functions are called on the management thread.
class Control {
 public:
  virtual ~Control() = default;

  virtual std::string hostname() const = 0;
  // The message of the day; empty: none is wanted; nullopt: the shell's own greeting.
  virtual std::optional<std::string> motd() const = 0;
  virtual LogView logging() const = 0;
  virtual std::size_t session_count() const = 0;
  // The actions of the supervisor since its start, as lines of text; empty if there were none.
  virtual std::string incidents() const { return {}; }
  virtual std::vector<ObjectCount> object_counts() const { return {}; }
  // The values that a word may have now; `source` is the completer of its help (cli::TokenHelp).
  virtual std::vector<std::string> completions(std::string_view source) const;
  // All state as instance data of the daemon's modules (RFC 7951), for `show yang operational-data`.
  virtual std::string operational_data() const { return "{}"; }
};

inline std::vector<std::string> Control::completions(std::string_view) const { return {}; }

}  // namespace tandem::mgmt

// SPDX-License-Identifier: Apache-2.0
// The settings that every daemon has, as yang/tandem-system.yang models them: the name of the router, the message of the
// day, the destinations of the log.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/log/log.h"
#include "lib/yang/tree.h"

namespace tandem::config {

struct LogFile {
  std::string path;
  log::Level level;
  bool operator==(const LogFile&) const = default;
};
struct Log {
  std::optional<LogFile> file;
  std::optional<log::Level> standard_output;  // `log stdout [LEVEL]`
  std::optional<log::Level> syslog;
  bool operator==(const Log&) const = default;
};

// `banner motd line TEXT`, `banner motd file PATH`, `no banner motd`
struct Motd {
  enum class Source { line, file, none };
  Source source;
  std::string text;  // the message, or the file's path; empty for none
  bool operator==(const Motd&) const = default;
};

struct System {
  std::optional<std::string> hostname;  // nullopt: the machine's own
  std::optional<Motd> motd;             // nullopt: the shell's own greeting
  Log log;
  bool operator==(const System&) const = default;
};

// Precondition: the tree is valid, and tandem-system is one of its modules.
System system_from_yang(const yang::Tree& tree);

// The message with which a session of the shell begins, without a newline at its end. Empty: none is wanted; nullopt: the
// shell's own greeting. If its file cannot be read, the text says why. A file has to lie below one of the directories;
// its first kMotdLimit bytes (limits.h) are taken, and only of a regular file, since the start of a shell waits for it.
std::optional<std::string> motd_text(const std::optional<Motd>& motd, const std::vector<std::string>& directories);

}  // namespace tandem::config

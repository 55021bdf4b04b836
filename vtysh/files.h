// SPDX-License-Identifier: Apache-2.0
// Configuration files that the shell reads and writes with its user's rights and sends to the daemons.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vtysh/daemons.h"

namespace tandem::vtysh {

// Replaces a leading "~" or "~USER" by the user's home directory; returns the path unchanged if there is no such user.
std::string expanded(std::string_view path);

// The files whose names begin with `begun`, in the form typed; directories end with "/".
std::vector<std::string> file_names(std::string_view begun);

// Fails on more than base::kMaxConfigFileSize. "-" is the standard input.
base::Result<std::string> read_file(const std::string& path);

// Replaces the file atomically. Writes to a path that is not a regular file (/dev/stdout).
base::Result<> write_file(const std::string& path, std::string_view text);

enum class LoadMode { apply, check, separate };  // separate: -m
enum class UnknownLines { refuse, skip };        // skip: --lenient
struct LoadOptions {
  LoadMode mode = LoadMode::apply;
  UnknownLines unknown_lines = UnknownLines::refuse;
};

// Loads a file into every connected daemon, as one transaction each. Returns the skipped lines (LoadMode::separate: the
// file's settings), one per line. The error lists all wrong lines as "FILE:LINE: message".
base::Result<std::string> load_file(Daemons& daemons, const std::string& path, LoadOptions options);

// As load_file(), for each daemon its own file in `directory`: "DIRECTORY/DAEMON.conf".
base::Result<std::string> load_default_files(Daemons& daemons, const std::string& directory, LoadOptions options);

}  // namespace tandem::vtysh

// SPDX-License-Identifier: Apache-2.0
// Configuration files that the shell reads and writes as the user that runs it, and hands to the daemons.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vtysh/daemons.h"

namespace tandem::vtysh {

// The name with "~" or "~USER" at its beginning replaced by that user's home directory, as in other shells; as it is if
// there is no such user.
std::string expanded(std::string_view path);

// The files whose names begin so, as they are typed; directories end with "/".
std::vector<std::string> file_names(std::string_view begun);

// Fails on more than base::kMaxConfigFileSize. "-" is the standard input.
base::Result<std::string> read_file(const std::string& path);

// Whole or not at all: a file that existed is replaced at once. What is no regular file (/dev/stdout) is written to.
base::Result<> write_file(const std::string& path, std::string_view text);

enum class LoadMode { apply, check, separate };  // separate: -m
enum class UnknownLines { refuse, skip };        // skip: --lenient
struct LoadOptions {
  LoadMode mode = LoadMode::apply;
  UnknownLines unknown_lines = UnknownLines::refuse;
};

// Loads a file into every daemon that is connected, as one transaction each. The result is what was skipped, a line
// each (LoadMode::separate: the file's settings), and the error what the operator should read: all lines that are
// wrong, as "FILE:LINE: message".
base::Result<std::string> load_file(Daemons& daemons, const std::string& path, LoadOptions options);

// As load_file(), each daemon its own file in `directory`: "DIRECTORY/DAEMON.conf".
base::Result<std::string> load_default_files(Daemons& daemons, const std::string& directory, LoadOptions options);

}  // namespace tandem::vtysh

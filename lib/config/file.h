// SPDX-License-Identifier: Apache-2.0
// Configuration files: reading within limits, and writing that never leaves half a file.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace tandem::config {

base::Result<std::string> read_file(const std::string& path);

// Writes a temporary file beside `path` (mode 0640), fsyncs, keeps the previous version as PATH.sav, renames, fsyncs
// the directory. On failure `path` is what it was, and the error names it.
base::Result<> write_file_atomically(const std::string& path, std::string_view text);

// The same without keeping the previous version: for files that nobody edits by hand.
base::Result<> replace_file_atomically(const std::string& path, std::string_view text);

}  // namespace tandem::config

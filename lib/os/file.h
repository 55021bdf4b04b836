// SPDX-License-Identifier: Apache-2.0
// Whole files, such as configurations: reading within limits, and atomic writing. Regular files only; only trusted links
// are followed (place.h). A link stays a link: the file that it names is replaced.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace tandem::os {

// Fails on more than base::kMaxConfigFileSize.
base::Result<std::string> read_file(const std::string& path);

// Writes a temporary file beside `path`, fsyncs, renames, fsyncs the directory. The new file keeps the mode of the old
// one and, where permitted, its owner; a file without predecessor gets mode 0640. On failure `path` is unchanged, and
// the error names it.
base::Result<> replace_file_atomically(const std::string& path, std::string_view text);

// The same with mode 0640 at most, and the previous version is kept as PATH.sav.
base::Result<> write_file_atomically(const std::string& path, std::string_view text);

}  // namespace tandem::os

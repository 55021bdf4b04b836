// SPDX-License-Identifier: Apache-2.0
// Whole files, as configurations are: reading within limits, and writing that never leaves half a file. Regular files
// only, of which only trusted links are followed (place.h). Such a link stays one: the file that it names is replaced.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace tandem::os {

// Fails on more than base::kMaxConfigFileSize.
base::Result<std::string> read_file(const std::string& path);

// Writes a temporary file beside `path`, fsyncs, renames, fsyncs the directory. A file that was there gives its mode
// and, where we may, its owner to the new one; without one the mode is 0640. On failure `path` is what it was, and the
// error names it.
base::Result<> replace_file_atomically(const std::string& path, std::string_view text);

// The same with mode 0640 at most, and the previous version is kept as PATH.sav.
base::Result<> write_file_atomically(const std::string& path, std::string_view text);

}  // namespace tandem::os

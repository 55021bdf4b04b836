// SPDX-License-Identifier: Apache-2.0
// Commands that nobody types: of option -c, of a pipe, of configuration files.
#pragma once

#include <string>
#include <string_view>

#include "vtysh/daemons.h"
#include "vtysh/output.h"
#include "vtysh/shell.h"

namespace tandem::vtysh {

enum class Echo { none, commands };  // commands: prompt and command before each (-E)

// Runs the lines of `text` until one fails or leaves. A line that ends in `?` prints help.
LineResult run_lines(Shell& shell, std::string_view text, Echo echo, Output& out);

enum class LoadMode { apply, check };

// Loads a file into every daemon that is connected, as one transaction each. The error is what the operator should
// read: all lines that are wrong, as "FILE:LINE: message".
base::Result<> load_file(Daemons& daemons, const std::string& path, LoadMode mode);

// As load_file(), each daemon its own file below /etc/tandem; `name` is that of option -N.
base::Result<> load_default_files(Daemons& daemons, const std::string& name, LoadMode mode);

}  // namespace tandem::vtysh

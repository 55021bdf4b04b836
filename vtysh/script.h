// SPDX-License-Identifier: Apache-2.0
// Commands from option -c or a pipe.
#pragma once

#include <string>
#include <string_view>

#include "vtysh/output.h"
#include "vtysh/shell.h"
#include "vtysh/trace.h"

namespace tandem::vtysh {

enum class OnError { stop, go_on };  // go_on: -n

// Runs the lines of `text` until one fails or ends the session. A line that ends in `?` prints help.
LineResult run_lines(Shell& shell, std::string_view text, const Trace& trace, Output& out);

}  // namespace tandem::vtysh

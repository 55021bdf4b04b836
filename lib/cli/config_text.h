// SPDX-License-Identifier: Apache-2.0
// Options for reading and printing a configuration as commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

inline constexpr std::string_view kConfigMode = "config";

// How a file is read. `lenient` is for files that configure other daemons too: a line whose beginning matches no
// command is reported and skipped, with the block that it opens. A command with an impossible value is still an error.
enum class Reading { strict, lenient };

// How a tree is printed. `separate` is for tools that compare configurations line by line and remove a line by putting
// `no` before it (frr-reload): each line is one setting, and its `no` form removes only that setting. So a boolean is
// printed with its value (`vrrp 5 preempt off`), and the version of a group and the prefix length of an address have
// lines of their own.
enum class Style { running_config, separate };

// One line that opens a mode ("interface eth1"), outermost first; empty in the configuration node itself.
using Context = std::vector<std::string>;

}  // namespace tandem::cli

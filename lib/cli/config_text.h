// SPDX-License-Identifier: Apache-2.0
// How a configuration is read and written as commands.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tandem::cli {

inline constexpr std::string_view kConfigMode = "config";

// How a file is read. `lenient` is for files that configure other daemons too: a line that no command begins like is
// reported and skipped, with the block that it opens. A command with a value that cannot be is an error all the same.
enum class Reading { strict, lenient };

// How a tree is written. `separate` is for tools that compare configurations line by line and take a line back by
// putting `no` before it (frr-reload): each line is one setting, and its `no` form removes that setting and nothing
// else. So a boolean is written with its value (`vrrp 5 preempt off`), and the version of a group and the prefix length
// of an address have lines of their own.
enum class Style { running_config, separate };

// One line that opens a mode ("interface eth1"), outermost first; empty in the configuration node itself.
using Context = std::vector<std::string>;

}  // namespace tandem::cli

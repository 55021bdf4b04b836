// SPDX-License-Identifier: Apache-2.0
// Prints a tree as configuration commands. Internal to lib/cli.
#pragma once

#include <string>

#include "lib/cli/config_text.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

// `root` is an instance of the schema's root. FRR's layout: global commands, `!`, leaf-lists of the global level
// (debug), `!`, then the blocks of the modes.
std::string print_commands(const DataNode& root, Style style);

}  // namespace tandem::cli

// SPDX-License-Identifier: Apache-2.0
// The data of ConfigCommands. Internal to lib/cli.
#pragma once

#include "lib/cli/command_table.h"
#include "lib/cli/config_commands.h"

namespace tandem::cli {

struct ConfigCommands::Impl {
  const Schema& schema;
  CommandTable table;
};

}  // namespace tandem::cli

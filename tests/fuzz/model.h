// SPDX-License-Identifier: Apache-2.0
// The daemon's own YANG modules, loaded once per process.
#pragma once

#include <memory>

#include "lib/base/check.h"
#include "lib/cli/config_commands.h"
#include "lib/yang/context.h"

namespace tandem::fuzz {

struct Model {
  std::unique_ptr<yang::Context> context;
  cli::ConfigCommands commands;

  static const Model& instance() {
    static const Model model = load();
    return model;
  }

 private:
  static Model load() {
    auto context =
        yang::Context::load(yang::default_directory(), {"tandem-system", "tandem-vrrp", "tandem-interfaces"});
    TANDEM_INVARIANT(context.has_value());
    cli::ConfigCommands commands((*context)->schema());
    return {std::move(*context), std::move(commands)};
  }
};

}  // namespace tandem::fuzz

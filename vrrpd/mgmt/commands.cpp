// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/commands.h"

#include <charconv>

namespace tandem::vrrpd::mgmt {

tandem::mgmt::DaemonCommands daemon_commands() {
  return {.sets = {show_commands(), debug_commands(), interface_commands()},
          .helps = {{"vrrp", "Virtual Router Redundancy Protocol"},
                    {"interface", "Interface information"},
                    {"IFNAME", "Interface name", "IFNAME", "interface"},
                    {"(1-255)", "Virtual Router ID", "(1-255)", "vrid"}},
          .highlights = {{"Master", ipc::Tone::good}, {"Backup", ipc::Tone::neutral}, {"Initialize", ipc::Tone::bad}}};
}

GroupSelection selection_of(const cli::Bindings& bindings) {
  GroupSelection selection;
  if (const std::string* name = bindings.find("IFNAME")) {
    selection.interface = *name;
  }
  if (const std::string* vrid = bindings.find("(1-255)")) {
    unsigned number = 0;
    std::from_chars(vrid->data(), vrid->data() + vrid->size(), number);
    selection.vrid = number;
  }
  return selection;
}

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
// The program itself: version and memory.
#include <fmt/format.h>

#include "lib/os/hostname.h"
#include "lib/os/memory.h"
#include "vrrpd/mgmt/command_table.h"

namespace tandem::vrrpd::mgmt {
namespace {

base::Result<> show_version(const Invocation& in) {
  in.terminal.print(fmt::format("Tandem vrrpd " TANDEM_VERSION " ({}) on {}.\n"
                                "Built with GCC " __VERSION__ ", C++{}.\n",
                                in.context.control.hostname(), os::operating_system(), __cplusplus / 100 % 100) +
                    in.context.control.incidents());
  return {};
}

std::string kibibytes(std::size_t bytes) { return fmt::format("{:>10} KiB\n", bytes / 1024); }

base::Result<> show_memory(const Invocation& in) {
  const std::vector<GroupView> groups = in.context.control.groups({});
  std::size_t routers = 0;
  for (const GroupView& group : groups) {
    routers += (group.v4.exists ? 1U : 0U) + (group.v6.exists ? 1U : 0U);
  }
  const os::MemoryUse use = os::memory_use();
  in.terminal.print("Memory of vrrpd:\n  Resident set:         " + kibibytes(use.resident) +
                    "  Total heap allocated: " + kibibytes(use.heap) +
                    "  Heap in use:          " + kibibytes(use.heap_in_use) +
                    fmt::format("Objects:\n  Groups:               {:>10}\n  Virtual routers:      {:>10}\n"
                                "  Management sessions:  {:>10}\n",
                                groups.size(), routers, in.context.control.session_count()));
  return {};
}

}  // namespace

CommandSet system_commands() {
  return {
      .rows =
          {
              {Access::view, "show version", show_version},
              {Access::view, "show memory", show_memory},
          },
      .helps =
          {
              {"version", "Displays the version of Tandem"},
              {"memory", "Memory in use, and what for"},
          },
  };
}

}  // namespace tandem::vrrpd::mgmt

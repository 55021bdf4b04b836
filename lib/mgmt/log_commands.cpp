// SPDX-License-Identifier: Apache-2.0
// Log messages, here and elsewhere.
#include "lib/mgmt/command_table.h"

namespace tandem::mgmt {
namespace {

base::Result<> monitor_on(const Invocation& in) {
  in.terminal.monitor(Terminal::Monitor::on);
  return {};
}

base::Result<> monitor_off(const Invocation& in) {
  in.terminal.monitor(Terminal::Monitor::off);
  return {};
}

base::Result<> show_logging(const Invocation& in) {
  const LogView logging = in.context.control.logging();
  std::string text = fmt::format("Logging configuration for {}:\n", in.context.daemon);
  for (const LogDestination& destination : logging.destinations) {
    text += fmt::format("  {}: {}{}{}{}\n", destination.name,
                        destination.level ? fmt::format("level {}", log::to_string(*destination.level)) : "disabled",
                        destination.where.empty() ? "" : ", ", destination.where,
                        destination.dropped == 0 ? "" : fmt::format(", {} lines dropped", destination.dropped));
  }
  if (logging.dropped != 0) {
    text += fmt::format("  {} messages were dropped before they reached any of these\n", logging.dropped);
  }
  text += fmt::format("\nThe last {} messages:\n", logging.lines.size());
  for (const std::string& line : logging.lines) {
    text += line + "\n";
  }
  in.terminal.print(std::move(text));
  return {};
}

}  // namespace

CommandSet log_commands() {
  return {
      .rows =
          {
              {Access::view, "show logging", show_logging},
              {Access::view, "terminal monitor", monitor_on},
              {Access::view, "no terminal monitor", monitor_off},
          },
      .helps =
          {
              {"logging", "Where log messages go, and the last of them"},
              {"monitor", "Copy log messages to this terminal"},
          },
  };
}

}  // namespace tandem::mgmt

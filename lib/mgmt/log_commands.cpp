// SPDX-License-Identifier: Apache-2.0
// Log messages, here and elsewhere.
#include "lib/log/catalogue.h"
#include "lib/mgmt/command_table.h"
#include "lib/mgmt/table.h"
#include "lib/mgmt/words.h"

namespace tandem::mgmt {
namespace {

constexpr std::size_t kAdviceIndent = 10;  // behind "  Advice: "

base::Result<> monitor_on(const Invocation& in) {
  in.output.copy_log(SessionOutput::LogCopy::on);
  return {};
}

base::Result<> monitor_off(const Invocation& in) {
  in.output.copy_log(SessionOutput::LogCopy::off);
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
  in.output.print(std::move(text));
  return {};
}

base::Result<> show_messages(const Invocation& in) {
  std::vector<std::vector<std::string>> rows;
  for (const log::Message* message : log::catalogue()) {
    rows.push_back({message->id, std::string(log::to_string(message->level)), log::shown_text(*message)});
  }
  in.output.print(print_table({{"Message"}, {"Level"}, {"Text"}}, rows, kUnlimited));
  return {};
}

base::Result<> show_message(const Invocation& in) {
  const std::string& id = *in.bindings.find("ID");
  const log::Message* const message = log::find_message(id);
  if (message == nullptr) {
    return base::fail("% There is no message {}: `show logging message` lists all", id);
  }
  const std::string_view advice = *message->advice == '\0' ? "none: this message only informs" : message->advice;
  const auto paragraph = [](std::string_view text) {
    return wrap(text, kTerminalWidth - kAdviceIndent, kAdviceIndent);
  };
  in.output.print(fmt::format("{} ({})\n  Text:   {}\n  Advice: {}\n", message->id, log::to_string(message->level),
                              paragraph(log::shown_text(*message)), paragraph(advice)));
  return {};
}

}  // namespace

CommandSet log_commands() {
  return {
      .rows =
          {
              {Access::view, "show logging", show_logging},
              {Access::view, "show logging message", show_messages},
              {Access::view, "show logging message ID", show_message},
              {Access::view, "terminal monitor", monitor_on},
              {Access::view, "no terminal monitor", monitor_off},
          },
      .helps =
          {
              {"logging", "Where log messages go, and the last of them"},
              {"message", "All messages that this daemon can log, or the meaning of one"},
              {"ID", "Identifier, as the log shows it in brackets", "ID", kMessageCompleter},
              {"monitor", "Copy log messages to this terminal"},
          },
  };
}

}  // namespace tandem::mgmt

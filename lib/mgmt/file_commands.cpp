// SPDX-License-Identifier: Apache-2.0
// The configuration as text or JSON, running and saved.
#include "lib/os/file.h"

#include <cerrno>
#include <filesystem>

#include "lib/mgmt/command_table.h"
#include "lib/mgmt/commands.h"

namespace tandem::mgmt {
namespace {

base::Result<> show_running_config(const Invocation& in) {
  in.output.print(running_config(in.context, in.bindings.has("no-header") ? Header::without : Header::with) + "end\n");
  return {};
}

base::Result<> show_configuration_json(const Invocation& in) {
  in.output.print(in.context.datastore.running().to_json(in.bindings.has("with-defaults")) + "\n");
  return {};
}

base::Result<> show_configuration_text(const Invocation& in) {
  const auto& datastore = in.context.datastore;
  in.output.print(in.bindings.has("with-defaults") ? datastore.commands().print(datastore.running().to_data(true))
                                                   : datastore.print());
  return {};
}

base::Result<> show_startup_config(const Invocation& in) {
  const auto text = os::read_file(in.context.config_file);
  if (!text) {
    return base::fail("% {}", text.error().message);
  }
  in.output.print(*text);
  return {};
}

// A new file takes the place of the old one: the user has to be able to write to the directory, not to the file.
std::string remedy(const CommandContext& context, const base::Error& error) {
  if (error.code != EACCES || context.user.empty()) {
    return {};
  }
  const std::string directory = std::filesystem::path(context.config_file).parent_path().string();
  return fmt::format(
      ": user '{0}', as whom {2} runs, may not make files in {1}. Give {1} to that user or its group, "
      "then repeat the command. What runs is unchanged",
      context.user, directory, context.daemon);
}

base::Result<> write_memory(const Invocation& in) {
  if (const auto may = in.context.transactions.probation().may_save(); !may) {
    return base::fail("% Configuration not saved: {}", may.error().message);
  }
  const std::string& path = in.context.config_file;
  const auto written = os::write_file_atomically(path, running_config(in.context, Header::without));
  if (!written) {
    return base::fail("% Configuration not saved: {}{}", written.error().message, remedy(in.context, written.error()));
  }
  in.output.print("Configuration saved to " + path + "\n[OK]\n");
  return {};
}

}  // namespace

CommandSet file_commands(std::string_view daemon) {
  return {
      .rows =
          {
              {Access::enable, fmt::format("show running-config [{}] [no-header]", daemon), show_running_config},
              {Access::enable, fmt::format("write terminal [{}] [no-header]", daemon), show_running_config},
              {Access::enable, fmt::format("show configuration running [with-defaults] [{}]", daemon),
               show_configuration_text},
              {Access::enable, fmt::format("show configuration running json [with-defaults] [{}]", daemon),
               show_configuration_json},
              {Access::enable, "show startup-config", show_startup_config},
              {Access::enable, "write [<memory|file>]", write_memory},
              {Access::enable, "copy running-config startup-config", write_memory},
          },
      .helps =
          {
              {"running-config", "Current operating configuration"},
              {"no-header", "Without the header lines"},
              {"write", "Write the running configuration to memory, file, or terminal"},
              {"memory", "Write the configuration to the startup file"},
              {"file", "Write the configuration to the startup file"},
              {"running", "The running configuration"},
              {"with-defaults", "Defaults included"},
              {"startup-config", "Contents of the startup file"},
              {"copy", "Copy a configuration"},
          },
  };
}

std::string running_config(const CommandContext& context, Header header) {
  std::string body = context.datastore.print();
  if (header == Header::without) {
    return body;
  }
  return "Building configuration...\n\nCurrent configuration:\n!\n" + body;
}

}  // namespace tandem::mgmt

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/commands.h"

#include <array>
#include <charconv>

#include "lib/base/check.h"
#include "lib/config/file.h"
#include "vrrpd/mgmt/show.h"

namespace tandem::vrrpd::mgmt {
namespace {

struct Invocation {
  const CommandContext& context;
  const cli::Bindings& bindings;
  Terminal& terminal;
};

using Handler = base::Result<> (*)(const Invocation&);

// In view mode an operator looks, in enable mode he also changes.
enum class Access { view, enable };

struct Entry {
  Access access;
  const char* syntax;
  Handler handler;
};

GroupFilter filter_of(const cli::Bindings& bindings) {
  GroupFilter filter;
  if (const std::string* name = bindings.find("IFNAME")) {
    filter.interface = *name;
  }
  if (const std::string* vrid = bindings.find("(1-255)")) {
    unsigned number = 0;
    std::from_chars(vrid->data(), vrid->data() + vrid->size(), number);
    filter.vrid = number;
  }
  return filter;
}

base::Result<> show_vrrp(const Invocation& in) {
  const GroupFilter filter = filter_of(in.bindings);
  const std::vector<GroupView> groups = in.context.control.groups(filter);
  const bool json = in.bindings.has("json");
  if (in.bindings.has("summary")) {
    in.terminal.print(json ? show_summary_json(groups) : show_summary_text(groups));
    return {};
  }
  if (!json && groups.empty() && filter.interface && !in.context.control.interface_exists(*filter.interface)) {
    in.terminal.print("Note: there is no interface " + *filter.interface + "\n");
  }
  in.terminal.print(json ? show_json(groups) : show_text(groups));
  return {};
}

base::Result<> clear_statistics(const Invocation& in) {
  in.context.control.clear_statistics(filter_of(in.bindings));
  return {};
}

// The topics that were typed; none means all (FRR's habit).
std::set<config::DebugTopic> topics_of(const cli::Bindings& bindings) {
  std::set<config::DebugTopic> named;
  for (const cli::Binding& binding : bindings.all()) {
    if (const auto topic = config::parse_debug_topic(binding.value)) {
      named.insert(*topic);
    }
  }
  return named.empty() ? config::all_debug_topics() : named;
}

base::Result<> debug_on(const Invocation& in) {
  std::set<config::DebugTopic> topics = in.context.control.volatile_debug();
  topics.merge(topics_of(in.bindings));
  in.context.control.set_volatile_debug(topics);
  return {};
}

base::Result<> debug_off(const Invocation& in) {
  std::set<config::DebugTopic> topics = in.context.control.volatile_debug();
  for (const config::DebugTopic topic : topics_of(in.bindings)) {
    topics.erase(topic);
  }
  in.context.control.set_volatile_debug(topics);
  return {};
}

// The words of FRR's `show debugging` (frr-facts §1.7), in its order.
base::Result<> show_debugging(const Invocation& in) {
  using enum config::DebugTopic;
  static constexpr std::array<std::pair<config::DebugTopic, const char*>, 8> kLines{{
      {arp, "VRRP ARP"},
      {autoconfigure, "VRRP autoconfiguration events"},
      {config, "VRRP configuration"},
      {kernel, "VRRP kernel"},
      {ndisc, "VRRP Neighbor Discovery"},
      {packets, "VRRP packets"},
      {protocol, "VRRP protocol events"},
      {sockets, "VRRP sockets"},
  }};
  const std::set<config::DebugTopic> topics = in.context.control.debug_topics();
  std::string text = "VRRP debugging status:\n";
  for (const auto& [topic, words] : kLines) {
    if (topics.contains(topic)) {
      text += std::string("  ") + words + " debugging is on\n";
    }
  }
  in.terminal.print(text);
  return {};
}

base::Result<> show_version(const Invocation& in) {
  in.terminal.print("Tandem vrrpd " TANDEM_VERSION " (" + in.context.control.hostname() + ").\n");
  return {};
}

base::Result<> show_running_config(const Invocation& in) {
  in.terminal.print(running_config(in.context, in.bindings.has("no-header") ? Header::without : Header::with));
  return {};
}

base::Result<> show_configuration_json(const Invocation& in) {
  in.terminal.print(in.context.datastore.running().to_json(in.bindings.has("with-defaults")) + "\n");
  return {};
}

base::Result<> show_configuration_text(const Invocation& in) {
  in.terminal.print(running_config(in.context, Header::without));
  return {};
}

base::Result<> show_startup_config(const Invocation& in) {
  const auto text = tandem::config::read_file(in.context.config_file);
  if (!text) {
    return base::fail("% {}", text.error().message);
  }
  in.terminal.print(*text);
  return {};
}

base::Result<> write_memory(const Invocation& in) {
  const std::string& path = in.context.config_file;
  const auto written = tandem::config::write_file_atomically(path, running_config(in.context, Header::without));
  if (!written) {
    return base::fail("% Configuration not saved: {}", written.error().message);
  }
  in.terminal.print("Configuration saved to " + path + "\n[OK]\n");
  return {};
}

base::Result<> monitor_on(const Invocation& in) {
  in.terminal.monitor(Terminal::Monitor::on);
  return {};
}

base::Result<> monitor_off(const Invocation& in) {
  in.terminal.monitor(Terminal::Monitor::off);
  return {};
}

const std::vector<Entry>& table() {
  static const std::vector<Entry> entries{
      {Access::view, "show vrrp [{interface IFNAME|(1-255)}] [summary] [json]", show_vrrp},
      {Access::view, "show version", show_version},
      {Access::view, "show debugging [vrrp]", show_debugging},
      {Access::view, "terminal monitor", monitor_on},
      {Access::view, "no terminal monitor", monitor_off},
      {Access::enable, "show running-config [no-header]", show_running_config},
      {Access::enable, "write terminal [no-header]", show_running_config},
      {Access::enable, "show configuration running", show_configuration_text},
      {Access::enable, "show configuration running json [with-defaults]", show_configuration_json},
      {Access::enable, "show startup-config", show_startup_config},
      {Access::enable, "write [<memory|file>]", write_memory},
      {Access::enable, "copy running-config startup-config", write_memory},
      {Access::enable, "clear vrrp statistics [{interface IFNAME|(1-255)}]", clear_statistics},
  };
  return entries;
}

const std::vector<cli::TokenHelp>& helps() {
  static const std::vector<cli::TokenHelp> all{
      {"show", "Show running system information"},
      {"vrrp", "Virtual Router Redundancy Protocol"},
      {"interface", "Interface information"},
      {"IFNAME", "Interface name", "IFNAME", "interface"},
      {"(1-255)", "Virtual Router ID", "(1-255)", "vrid"},
      {"summary", "Summarize all VRRP instances"},
      {"json", "JavaScript Object Notation"},
      {"version", "Displays the version of Tandem"},
      {"debugging", "Debugging status"},
      {"terminal", "Terminal settings, or the terminal as destination"},
      {"monitor", "Copy log messages to this terminal"},
      {"no", "Negate a command or set its defaults"},
      {"running-config", "Current operating configuration"},
      {"no-header", "Without the header lines"},
      {"write", "Write the running configuration to memory, file, or terminal"},
      {"memory", "Write the configuration to the startup file"},
      {"file", "Write the configuration to the startup file"},
      {"configuration", "Configuration datastores"},
      {"running", "The running configuration"},
      {"with-defaults", "Defaults included"},
      {"startup-config", "Contents of the startup file"},
      {"copy", "Copy a configuration"},
      {"clear", "Reset functions"},
      {"statistics", "Counters of virtual routers"},
  };
  return all;
}

// Commands of enable mode whose words are those of configuration commands: what is configured lasts, what is typed here
// holds for this run.
struct Borrowed {
  const char* beginning;
  Handler handler;
};
constexpr std::array<Borrowed, 2> kBorrowed{{{"debug vrrp", debug_on}, {"no debug vrrp", debug_off}}};

void borrow(const cli::Grammar& configuration, cli::Grammar& grammar) {
  for (const cli::Command& command : configuration.commands) {
    for (std::size_t i = 0; i < kBorrowed.size(); ++i) {
      if (command.mode == cli::kConfigMode && cli::to_string(command.syntax).starts_with(kBorrowed[i].beginning)) {
        cli::Command copy = command;
        copy.mode = "enable";
        copy.id = static_cast<std::uint32_t>(table().size() + i);
        grammar.commands.push_back(std::move(copy));
      }
    }
  }
}

Handler handler_of(std::uint32_t id) {
  return id < table().size() ? table()[id].handler : kBorrowed.at(id - table().size()).handler;
}

cli::Grammar build_grammar(const cli::Grammar& configuration) {
  cli::Grammar grammar;
  for (std::size_t i = 0; i < table().size(); ++i) {
    auto syntax = cli::parse_syntax(table()[i].syntax, helps());
    TANDEM_INVARIANT(syntax.has_value());
    for (const char* mode : {"view", "enable"}) {
      if (table()[i].access == Access::view || std::string_view(mode) == "enable") {
        grammar.commands.push_back(
            {.mode = mode, .syntax = *syntax, .enters_mode = {}, .id = static_cast<std::uint32_t>(i)});
      }
    }
  }
  borrow(configuration, grammar);
  return grammar;
}

}  // namespace

Commands::Commands(CommandContext context)
    : context_(std::move(context)), grammar_(build_grammar(context_.datastore.commands().grammar())) {}

base::Result<> Commands::execute(std::string_view mode, std::string_view line, Terminal& terminal) const {
  const cli::Match match = cli::match(grammar_, mode, line);
  if (match.status != cli::MatchStatus::matched) {
    return base::Unexpected<base::Error>(base::Error{cli::error_text(match, line)});
  }
  return handler_of(match.command->id)(Invocation{context_, match.bindings, terminal});
}

std::string running_config(const CommandContext& context, Header header) {
  const std::string body = context.datastore.print();
  if (header == Header::without) {
    return body;
  }
  return "Building configuration...\n\nCurrent configuration:\n!\n" + body + "end\n";
}

}  // namespace tandem::vrrpd::mgmt

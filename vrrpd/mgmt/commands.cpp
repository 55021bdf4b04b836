// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/commands.h"

#include <charconv>
#include <set>

#include "lib/base/check.h"
#include "vrrpd/mgmt/command_table.h"

namespace tandem::vrrpd::mgmt {

// Everything that commands are made of, joined; a command's id is the index of its handler.
struct Commands::Table {
  std::vector<Handler> handlers;
};

namespace {

// The modes in which a row is accepted.
std::set<std::string> modes_of(Access access, const cli::Grammar& configuration) {
  switch (access) {
    case Access::view:
      return {"view", "enable"};
    case Access::enable:
      return {"enable"};
    case Access::config:
      break;
  }
  std::set<std::string> modes;
  for (const cli::Command& command : configuration.commands) {
    modes.insert(command.mode);
  }
  return modes;
}

// One subject after the other.
class Builder {
 public:
  Builder(const cli::Grammar& configuration, cli::Grammar& grammar, std::vector<Handler>& handlers)
      : configuration_(configuration), grammar_(grammar), handlers_(handlers) {}

  void add(CommandSet set) {
    set.helps.insert(set.helps.end(), common_helps().begin(), common_helps().end());
    for (const Row& row : set.rows) {
      add(row, set.helps);
    }
    for (const Borrowed& borrowed : set.borrowed) {
      add(borrowed);
    }
  }

 private:
  std::uint32_t id_of(Handler handler) {
    handlers_.push_back(handler);
    return static_cast<std::uint32_t>(handlers_.size() - 1);
  }

  void add(const Row& row, const std::vector<cli::TokenHelp>& helps) {
    const auto syntax = cli::parse_syntax(row.syntax, helps);
    TANDEM_INVARIANT(syntax.has_value());
    const std::uint32_t id = id_of(row.handler);
    for (const std::string& mode : modes_of(row.access, configuration_)) {
      grammar_.commands.push_back(
          {.mode = mode, .syntax = *syntax, .enters_mode = row.enters_mode, .id = id, .kind = row.kind});
    }
  }

  void add(const Borrowed& borrowed) {
    const std::uint32_t id = id_of(borrowed.handler);
    for (const cli::Command& command : configuration_.commands) {
      if (command.mode == cli::kConfigMode && !command.hidden &&
          cli::to_string(command.syntax).starts_with(borrowed.beginning)) {
        cli::Command copy = command;
        copy.mode = "enable";
        copy.kind = cli::CommandKind::operational;
        copy.id = id;
        grammar_.commands.push_back(std::move(copy));
      }
    }
  }

  const cli::Grammar& configuration_;
  cli::Grammar& grammar_;
  std::vector<Handler>& handlers_;
};

void build(const cli::Grammar& configuration, cli::Grammar& grammar, std::vector<Handler>& handlers) {
  Builder builder(configuration, grammar, handlers);
  builder.add(show_commands());
  builder.add(debug_commands());
  builder.add(file_commands());
  builder.add(log_commands());
  builder.add(system_commands());
  builder.add(interface_commands());
  builder.add(configuration_commands());
}

}  // namespace

cli::Grammar operational_grammar(const cli::Grammar& configuration) {
  cli::Grammar grammar;
  std::vector<Handler> handlers;
  build(configuration, grammar, handlers);
  return grammar;
}

const std::vector<cli::TokenHelp>& common_helps() {
  static const std::vector<cli::TokenHelp> all{
      {"show", "Show running system information"},
      {"vrrp", "Virtual Router Redundancy Protocol"},
      {"interface", "Interface information"},
      {"IFNAME", "Interface name", "IFNAME", "interface"},
      {"(1-255)", "Virtual Router ID", "(1-255)", "vrid"},
      {"json", "JavaScript Object Notation"},
      {"terminal", "Terminal settings, or the terminal as destination"},
      {"no", "Negate a command or set its defaults"},
      {"configuration", "Configuration datastores"},
      {"vrrpd", "Of this daemon only"},
  };
  return all;
}

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

Commands::Commands(CommandContext context) : context_(std::move(context)), table_(std::make_unique<Table>()) {
  build(context_.datastore.commands().grammar(), grammar_, table_->handlers);
}

Commands::~Commands() = default;

bool Commands::understand(std::string_view mode, std::string_view line) const {
  return cli::match(grammar_, mode, line).status == cli::MatchStatus::matched;
}

base::Result<> Commands::execute(const Typed& typed, Terminal& terminal, SessionState& session) const {
  const cli::Match match = cli::match(grammar_, typed.mode, typed.line);
  if (match.status != cli::MatchStatus::matched) {
    return base::Unexpected<base::Error>(base::Error{cli::error_text(match, typed.line)});
  }
  return table_->handlers.at(match.command->id)(Invocation{context_, match.bindings, terminal, session, typed.columns});
}

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/commands.h"

#include <set>

#include "lib/base/check.h"
#include "lib/mgmt/command_table.h"

namespace tandem::mgmt {

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

// Words that commands of several subjects have.
std::vector<cli::TokenHelp> common_helps(std::string_view daemon) {
  return {
      {"show", "Show running system information"},
      {"json", "JavaScript Object Notation"},
      {"terminal", "Terminal settings, or the terminal as destination"},
      {"no", "Negate a command or set its defaults"},
      {"configuration", "Configuration datastores"},
      {daemon, "Of this daemon only"},
  };
}

// Where the commands go.
struct Joined {
  cli::Grammar& grammar;
  std::vector<Handler>& handlers;  // a command's id is the index of its handler
};

// Joins one subject after the other.
class GrammarJoiner {
 public:
  GrammarJoiner(const cli::Grammar& configuration, std::vector<cli::TokenHelp> helps, Joined joined)
      : configuration_(configuration), helps_(std::move(helps)), joined_(joined) {}

  void add(CommandSet set) {
    set.helps.insert(set.helps.end(), helps_.begin(), helps_.end());
    for (const Row& row : set.rows) {
      add(row, set.helps);
    }
    for (const Borrowed& borrowed : set.borrowed) {
      add(borrowed);
    }
  }

 private:
  std::uint32_t id_of(Handler handler) {
    joined_.handlers.push_back(handler);
    return static_cast<std::uint32_t>(joined_.handlers.size() - 1);
  }

  void add(const Row& row, const std::vector<cli::TokenHelp>& helps) {
    const auto syntax = cli::parse_syntax(row.syntax, helps);
    TANDEM_INVARIANT(syntax.has_value());
    const std::uint32_t id = id_of(row.handler);
    for (const std::string& mode : modes_of(row.access, configuration_)) {
      joined_.grammar.commands.push_back(
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
        joined_.grammar.commands.push_back(std::move(copy));
      }
    }
  }

  const cli::Grammar& configuration_;
  std::vector<cli::TokenHelp> helps_;
  Joined joined_;
};

void build(std::string_view daemon, const cli::Grammar& configuration, const DaemonCommands& own, Joined joined) {
  std::vector<cli::TokenHelp> helps = own.helps;
  const std::vector<cli::TokenHelp> common = common_helps(daemon);
  helps.insert(helps.end(), common.begin(), common.end());
  GrammarJoiner joiner(configuration, std::move(helps), joined);
  for (const CommandSet& set : own.sets) {
    joiner.add(set);
  }
  joiner.add(file_commands(daemon));
  joiner.add(log_commands());
  joiner.add(system_commands(daemon));
  joiner.add(configuration_commands());
}

}  // namespace

cli::Grammar operational_grammar(std::string_view daemon, const cli::Grammar& configuration,
                                 const DaemonCommands& own) {
  cli::Grammar grammar;
  std::vector<Handler> handlers;
  build(daemon, configuration, own, {grammar, handlers});
  return grammar;
}

Commands::Commands(CommandContext context, const DaemonCommands& own)
    : context_(std::move(context)), table_(std::make_unique<Table>()) {
  build(context_.daemon, context_.datastore.commands().grammar(), own, {grammar_, table_->handlers});
}

Commands::~Commands() = default;

bool Commands::understand(std::string_view mode, std::string_view line) const {
  return cli::match(grammar_, mode, line).status == cli::MatchStatus::matched;
}

base::Result<> Commands::execute(const Typed& typed, SessionOutput& output, SessionState& session) const {
  const cli::Match match = cli::match(grammar_, typed.mode, typed.line);
  if (match.status != cli::MatchStatus::matched) {
    return base::Unexpected<base::Error>(base::Error{cli::error_text(match, typed.line)});
  }
  return table_->handlers.at(match.command->id)(Invocation{context_, match.bindings, output, session, typed.columns});
}

}  // namespace tandem::mgmt

// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/config_commands.h"

#include "lib/cli/command_table.h"
#include "lib/cli/config_commands_impl.h"
#include "lib/cli/config_session.h"
#include "lib/cli/print.h"

namespace tandem::cli {

ConfigCommands::ConfigCommands(const Schema& schema)
    : impl_(std::make_unique<Impl>(Impl{schema, build_command_table(schema)})) {}
ConfigCommands::~ConfigCommands() = default;
ConfigCommands::ConfigCommands(ConfigCommands&&) noexcept = default;

const std::vector<std::string>& ConfigCommands::problems() const { return impl_->table.problems; }

const Grammar& ConfigCommands::grammar() const { return impl_->table.grammar; }

namespace {

// Opens the modes of `context`.
base::Result<> enter(ConfigSession& session, const Context& context) {
  for (const std::string& opening : context) {
    const std::size_t depth = session.context().size();
    if (!session.run(opening) || session.context().size() != depth + 1) {
      return base::fail("% There is no configuration mode '{}'", opening);
    }
  }
  return {};
}

}  // namespace

base::Result<ConfigCommands::Effect> ConfigCommands::interpret(const Context& context, std::string_view line) const {
  ConfigSession session(impl_->table);
  TANDEM_TRY(enter(session, context));
  if (is_comment(trim(line))) {
    return Effect{{}, context};
  }
  auto edits = session.run(line);
  if (!edits) {
    return base::fail("{}", text_of(edits.error(), line));
  }
  return Effect{std::move(*edits), session.context()};
}

std::string ConfigCommands::opened_object(const Context& context, std::string_view line) const {
  ConfigSession session(impl_->table);
  if (!enter(session, context) || !session.run(line) || session.context().size() != context.size() + 1) {
    return {};
  }
  return session.object();
}

std::string ConfigCommands::print(const DataNode& root, Style style) const { return print_commands(root, style); }

}  // namespace tandem::cli

// SPDX-License-Identifier: Apache-2.0
#include "lib/config/datastore.h"

#include "lib/config/refusals.h"

namespace tandem::config {
namespace {

using FileEdit = cli::ConfigCommands::FileEdit;

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

void apply_edits(yang::Tree& candidate, const std::vector<FileEdit>& edits, Refusals& refusals) {
  for (const FileEdit& edit : edits) {
    if (const auto applied = candidate.apply(edit.edit); !applied) {
      refusals.add_edit(edit, applied.error());
    }
  }
}

}  // namespace

Datastore::Datastore(const yang::Context& context, Applier& applier)
    : context_(context), applier_(applier), commands_(context.schema()), running_(context) {
  running_.validate();  // adds the defaults; an empty configuration is valid
}

base::Result<void, std::vector<Refusal>> Datastore::commit(const std::vector<cli::Edit>& edits) {
  std::vector<FileEdit> origins;
  origins.reserve(edits.size());
  for (const cli::Edit& edit : edits) {
    origins.push_back({edit, 0});
  }
  Refusals refusals(commands_, origins);
  yang::Tree candidate = running_;
  apply_edits(candidate, origins, refusals);
  return finish(std::move(candidate), refusals, Purpose::apply);
}

base::Result<void, std::vector<Refusal>> Datastore::load(std::string_view text, LoadOptions options) {
  yang::Tree candidate = options.replace ? yang::Tree(context_) : running_;
  std::vector<FileEdit> origins;
  Refusals refusals(commands_, origins);
  if (is_json(text)) {
    const auto parsed = options.replace ? candidate.parse_json(text) : candidate.merge_json(text);
    if (!parsed) {
      for (const yang::Problem& problem : parsed.error()) {
        refusals.add_problem(problem);
      }
    }
  } else {
    cli::ConfigCommands::FileResult file = commands_.interpret_file(text);
    origins = std::move(file.edits);
    for (const cli::ConfigCommands::FileError& error : file.errors) {
      refusals.add_syntax(error);
    }
    apply_edits(candidate, origins, refusals);
  }
  return finish(std::move(candidate), refusals, options.check_only ? Purpose::check : Purpose::apply);
}

std::string Datastore::print() const { return commands_.print(running_.to_data(false)); }

base::Result<void, std::vector<Refusal>> Datastore::finish(yang::Tree candidate, Refusals& refusals, Purpose purpose) {
  const bool some_refused = !refusals.empty();
  for (const yang::Problem& problem : candidate.validate()) {
    // What no line caused is missing because its line was refused: no second error.
    if (!some_refused || refusals.line_of(problem) != 0) {
      refusals.add_problem(problem);
    }
  }
  if (refusals.empty()) {
    for (std::string& message : applier_.check(candidate)) {
      refusals.add_message(std::move(message));
    }
  }
  if (refusals.empty() && purpose == Purpose::apply) {
    if (const auto applied = applier_.apply(candidate); !applied) {
      refusals.add({0, applied.error().message});
    } else {
      running_ = std::move(candidate);
    }
  }
  if (!refusals.empty()) {
    return base::Unexpected<std::vector<Refusal>>(refusals.take());
  }
  return {};
}

}  // namespace tandem::config

// SPDX-License-Identifier: Apache-2.0
#include "lib/config/datastore.h"

#include "lib/config/limits.h"
#include "lib/config/refusals.h"

namespace tandem::config {
namespace {

using FileEdit = cli::ConfigCommands::FileEdit;

// What editors of other systems put before UTF-8 text.
std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  return text.starts_with(kMark) ? text.substr(kMark.size()) : text;
}

bool is_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

std::vector<FileEdit> without_lines(const std::vector<cli::Edit>& edits) {
  std::vector<FileEdit> origins;
  origins.reserve(edits.size());
  for (const cli::Edit& edit : edits) {
    origins.push_back({edit, 0});
  }
  return origins;
}

// With the defaults; an empty configuration is valid.
yang::Tree empty_configuration(const yang::Context& context) {
  yang::Tree tree(context);
  tree.validate();
  return tree;
}

}  // namespace

Datastore::Datastore(const yang::Context& context, Applier& applier)
    : context_(context),
      applier_(applier),
      commands_(context.schema()),
      running_(empty_configuration(context), commands_) {}

void Datastore::apply_edits(yang::Tree& candidate, const std::vector<FileEdit>& edits, Refusals& refusals) const {
  std::size_t count = 0;
  for (const FileEdit& edit : edits) {
    if (const auto applied = candidate.apply(edit.edit); !applied) {
      refusals.add_edit(edit, applied.error());
    }
    if (++count % kEditsPerProgress == 0) {
      applier_.on_progress();
    }
  }
}

Draft Datastore::edited(const yang::Tree& base, const std::vector<cli::Edit>& edits) const {
  Draft draft{.tree = base, .origins = without_lines(edits)};
  Refusals refusals(commands_, draft.origins);
  apply_edits(draft.tree, draft.origins, refusals);
  draft.refusals = refusals.take();
  return draft;
}

std::vector<Refusal> Datastore::check_values(const std::vector<cli::Edit>& edits) const {
  return edited(empty(), edits).refusals;
}

Draft Datastore::read(const yang::Tree& base, std::string_view text, ReadOptions options) const {
  Draft draft{.tree = options.base == Base::replaced ? empty() : base};
  Refusals refusals(commands_, draft.origins);
  text = without_byte_order_mark(text);
  if (is_json(text)) {
    const auto parsed = options.base == Base::replaced ? draft.tree.parse_json(text) : draft.tree.merge_json(text);
    if (!parsed) {
      for (const yang::Problem& problem : parsed.error()) {
        refusals.add_parsed(problem);
      }
    }
  } else {
    cli::ConfigCommands::FileResult file =
        commands_.interpret_file(text, options.mode, [this] { applier_.on_progress(); });
    draft.origins = std::move(file.edits);
    for (const cli::ConfigCommands::FileError& error : file.errors) {
      refusals.add_syntax(error);
    }
    for (const cli::ConfigCommands::FileError& skipped : file.skipped) {
      draft.skipped.push_back({skipped.line, skipped.message});
    }
    apply_edits(draft.tree, draft.origins, refusals);
  }
  draft.refusals = refusals.take();
  return draft;
}

// Translated and checked by the daemon, or everything that is wrong with the draft.
base::Result<std::unique_ptr<Prepared>, std::vector<Refusal>> Datastore::prepare(Draft& draft) const {
  Refusals refusals(commands_, draft.origins);
  for (const Refusal& known : draft.refusals) {
    refusals.add(known);
  }
  const bool some_refused = !refusals.empty();
  applier_.on_progress();
  for (const yang::Problem& problem : draft.tree.validate()) {
    // What no line caused is missing because its line was refused: no second error.
    if (!some_refused || refusals.line_of(problem) != 0) {
      refusals.add_problem(problem);
    }
  }
  if (!refusals.empty()) {
    return base::Unexpected<std::vector<Refusal>>(refusals.take());
  }
  Applier::Preparation prepared = applier_.prepare(draft.tree);
  if (!prepared) {
    for (const Objection& objection : prepared.error()) {
      refusals.add_objection(objection);
    }
    return base::Unexpected<std::vector<Refusal>>(refusals.take());
  }
  return std::move(*prepared);
}

base::Result<void, std::vector<Refusal>> Datastore::check(Draft& draft) const {
  static_cast<void>(TANDEM_TRY(prepare(draft)));
  return {};
}

base::Result<Datastore::Effect, std::vector<Refusal>> Datastore::commit(Draft draft, Unchanged unchanged) {
  const std::unique_ptr<Prepared> prepared = TANDEM_TRY(prepare(draft));
  if (unchanged == Unchanged::skip && draft.tree == running()) {
    return Effect::none;
  }
  Configuration candidate(std::move(draft.tree), commands_);
  if (const auto applied = prepared->apply(candidate); !applied) {
    prepared->undo();
    return base::Unexpected<std::vector<Refusal>>({Refusal{0, applied.error().message}});
  }
  running_ = std::move(candidate);
  return Effect::applied;
}

}  // namespace tandem::config

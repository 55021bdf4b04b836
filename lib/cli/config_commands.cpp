// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/config_commands.h"

#include <algorithm>

#include "lib/base/limits.h"
#include "lib/cli/command_table.h"
#include "lib/cli/config_impl.h"
#include "lib/cli/edit_builder.h"
#include "lib/cli/print.h"

namespace tandem::cli {
namespace {

// A file with more is no configuration: explaining every line of a binary file would take minutes.
constexpr std::size_t kMaxFileErrors = 1000;

std::string_view trim(std::string_view line) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t begin = line.find_first_not_of(kBlanks);
  return begin == std::string_view::npos ? std::string_view()
                                         : line.substr(begin, line.find_last_not_of(kBlanks) - begin + 1);
}

bool is_comment(std::string_view trimmed) {
  return trimmed.empty() || trimmed.front() == '!' || trimmed.front() == '#';
}

// A mode that is open, and the keys of its list entry.
struct Level {
  std::string line;
  std::string mode;
  Values keys;
};

// Why a line was refused: it matches no command, or one with an impossible value.
struct Refusal {
  Match match;          // if message is empty
  std::string message;  // with "% "
};

std::string text_of(const Refusal& refusal, std::string_view line) {
  return refusal.message.empty() ? error_text(refusal.match, line) : refusal.message;
}

std::string one_line_of(const Refusal& refusal, std::string_view line) {
  if (refusal.message.empty()) {
    return error_line(refusal.match, line);
  }
  return refusal.message.starts_with("% ") ? refusal.message.substr(2) : refusal.message;
}

// The modes that a session or a file is in, and the meaning of lines there.
class Session {
 public:
  explicit Session(const CommandTable& table) : table_(table) { levels_.push_back({"", std::string(kConfigMode), {}}); }

  // Looks the line up in the innermost mode, then in the enclosing ones.
  base::Result<std::vector<Edit>, Refusal> run(std::string_view line) {
    Refusal refusal;
    for (std::size_t depth = levels_.size(); depth > 0; --depth) {
      Match found = match(table_.grammar, levels_[depth - 1].mode, line);
      if (found.status == MatchStatus::matched) {
        return apply(found, depth);
      }
      const bool innermost = depth == levels_.size();
      if (innermost || found.error_offset > refusal.match.error_offset) {
        refusal.match = std::move(found);  // where the line made sense longest
      }
      if (refusal.match.status == MatchStatus::ambiguous) {
        break;
      }
    }
    return base::Unexpected<Refusal>(std::move(refusal));
  }

  void exit() {
    if (levels_.size() > 1) {
      levels_.pop_back();
    }
  }
  void end() { levels_.resize(1); }

  Context context() const {
    Context context;
    for (const Level& level : levels_) {
      if (!level.line.empty()) {
        context.push_back(level.line);
      }
    }
    return context;
  }

 private:
  base::Result<std::vector<Edit>, Refusal> apply(const Match& found, std::size_t depth) {
    const Meaning& meaning = table_.meanings[found.command->id];
    if (meaning.node == nullptr) {
      return std::vector<Edit>();  // ignored; the mode stays open
    }
    EditBuilder builder(meaning, levels_[depth - 1].keys);
    auto edits = builder.build(found.bindings);
    if (!edits) {
      return base::Unexpected<Refusal>(Refusal{{}, edits.error().message});
    }
    levels_.resize(depth);
    if (!found.command->enters_mode.empty()) {
      levels_.push_back({found.canonical, found.command->enters_mode, builder.values()});
    }
    return std::move(*edits);
  }

  const CommandTable& table_;
  std::vector<Level> levels_;
};

}  // namespace

ConfigCommands::ConfigCommands(const Schema& schema)
    : impl_(std::make_unique<Impl>(Impl{schema, build_command_table(schema)})) {}
ConfigCommands::~ConfigCommands() = default;
ConfigCommands::ConfigCommands(ConfigCommands&&) noexcept = default;

const std::vector<std::string>& ConfigCommands::problems() const { return impl_->table.problems; }

const Grammar& ConfigCommands::grammar() const { return impl_->table.grammar; }

base::Result<ConfigCommands::Effect> ConfigCommands::interpret(const Context& context, std::string_view line) const {
  Session session(impl_->table);
  for (const std::string& opening : context) {
    const std::size_t depth = session.context().size();
    if (!session.run(opening) || session.context().size() != depth + 1) {
      return base::fail("% There is no configuration mode '{}'", opening);
    }
  }
  if (is_comment(trim(line))) {
    return Effect{{}, context};
  }
  auto edits = session.run(line);
  if (!edits) {
    return base::fail("{}", text_of(edits.error(), line));
  }
  return Effect{std::move(*edits), session.context()};
}

ConfigCommands::FileResult ConfigCommands::interpret_file(std::string_view text) const {
  FileResult result;
  Session session(impl_->table);
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (is_comment(line)) {
      continue;
    }
    if (line == "exit" || line == "quit") {
      session.exit();
    } else if (line == "end") {
      session.end();
    } else if (auto edits = session.run(line)) {
      for (Edit& edit : *edits) {
        result.edits.push_back({std::move(edit), number});
      }
    } else {
      result.errors.push_back({number, one_line_of(edits.error(), line)});
    }
    if (result.errors.size() == kMaxFileErrors) {
      result.errors.push_back({number, fmt::format("{} errors; the rest of the file was not read", kMaxFileErrors)});
      break;
    }
  }
  return result;
}

std::string ConfigCommands::print(const DataNode& root) const { return print_commands(root); }

}  // namespace tandem::cli

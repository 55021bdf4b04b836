// SPDX-License-Identifier: Apache-2.0
#include "vtysh/mark.h"

#include <algorithm>
#include <vector>

#include "lib/cli/config_commands.h"
#include "lib/cli/match.h"
#include "lib/cli/token.h"

namespace tandem::vtysh {
namespace {

class Marker {
 public:
  explicit Marker(const cli::Grammar& grammar) : grammar_(grammar) {}

  std::string mark(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      mark_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return marked_ + "end\n";
  }

 private:
  void mark_line(std::string_view line) {
    const auto words = cli::split_words(line);
    if (words.empty() || words.front().text.starts_with('!') || words.front().text.starts_with('#')) {
      add(line);
    } else if (words.front().text == "end" || words.front().text == "exit" || words.front().text == "quit") {
      modes_.resize(words.front().text == "end" ? 1 : std::max<std::size_t>(modes_.size() - 1, 1));
      if (words.front().text != "end") {  // that one comes once, at the end
        add(line);
      }
    } else {
      mark_command(line);
    }
  }

  void mark_command(std::string_view line) {
    for (std::size_t depth = modes_.size(); depth > 0; --depth) {
      const cli::Match match = cli::match(grammar_, modes_[depth - 1], line);
      if (match.status != cli::MatchStatus::matched) {
        continue;
      }
      for (; modes_.size() > depth; modes_.pop_back()) {
        add("exit");
      }
      if (!match.command->enters_mode.empty()) {
        modes_.push_back(match.command->enters_mode);
      }
      break;
    }
    add(line);
  }

  void add(std::string_view line) { marked_.append(line).append("\n"); }

  const cli::Grammar& grammar_;
  std::vector<std::string> modes_{std::string(cli::kConfigMode)};  // innermost last
  std::string marked_;
};

}  // namespace

std::string mark_file(const cli::Grammar& grammar, std::string_view text) { return Marker(grammar).mark(text); }

}  // namespace tandem::vtysh

// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/complete.h"

#include <algorithm>
#include <map>

#include "lib/base/limits.h"
#include "lib/cli/walk.h"

namespace tandem::cli {
namespace {

constexpr std::string_view kCarriageReturn = "<cr>";

Candidate make_candidate(const Token& token) {
  return {token.text, token.help, token.completer, token.kind == TokenKind::keyword};
}

// The words that may follow `words`; empty if no command begins with them.
struct Outlook {
  std::vector<Expectation> next;  // after the best reading
  bool complete = false;          // a command ends here in one reading; the whole line decides which reading applies
};

Outlook outlook_after(const Grammar& grammar, std::string_view mode, const std::vector<Word>& words) {
  Frontier frontier;
  Walk walk(words, &frontier);
  for (const Command& command : grammar.commands) {
    if (command.mode == mode && !command.hidden) {
      walk.run(command.syntax);
    }
  }
  return frontier.word() == words.size() ? Outlook{frontier.best(), frontier.complete()} : Outlook{};
}

}  // namespace

std::vector<Candidate> candidates(const Grammar& grammar, std::string_view mode, std::string_view line) {
  if (line.size() > base::kMaxLineLength) {
    return {};
  }
  std::vector<Word> words = split_words(line);
  std::string_view begun;  // the word under the cursor
  if (!words.empty() && words.back().offset + words.back().text.size() == line.size()) {
    begun = words.back().text;
    words.pop_back();
  }
  std::map<std::string, Candidate> found;
  const Outlook outlook = outlook_after(grammar, mode, words);
  for (const Expectation& expectation : outlook.next) {
    if (expectation.token != nullptr && (begun.empty() || may_become(*expectation.token, begun))) {
      Candidate& candidate =
          found.try_emplace(expectation.token->text, make_candidate(*expectation.token)).first->second;
      candidate.help = candidate.help.empty() ? expectation.token->help : candidate.help;
    }
  }
  std::vector<Candidate> result;
  if (outlook.complete && begun.empty()) {
    result.push_back({std::string(kCarriageReturn), "", "", false});
  }
  for (auto& [text, candidate] : found) {
    result.push_back(std::move(candidate));
  }
  return result;
}

std::string help_table(const std::vector<Candidate>& candidates) {
  std::size_t width = 0;
  for (const Candidate& candidate : candidates) {
    width = std::max(width, candidate.text.size());
  }
  std::string table;
  for (const Candidate& candidate : candidates) {
    table += candidate.help.empty() ? fmt::format("  {}\n", candidate.text)
                                    : fmt::format("  {:<{}}  {}\n", candidate.text, width, candidate.help);
  }
  return table;
}

}  // namespace tandem::cli

// SPDX-License-Identifier: Apache-2.0
// Random grammars. Input: up to the first empty line one syntax text per line, then command lines. A parsed syntax
// prints as its text; matching and completion agree on it (command_properties.h).
#include "lib/cli/grammar.h"
#include "tests/fuzz/command_properties.h"

namespace tandem::fuzz {
namespace {

constexpr std::size_t kMaxCommands = 8;
constexpr std::size_t kMaxLines = 8;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

void add_command(cli::Grammar& grammar, std::string_view text) {
  auto syntax = cli::parse_syntax(text, {});
  if (!syntax || std::ranges::any_of(text, is_control)) {  // the project's own tables define the syntaxes
    return;
  }
  const std::string printed = cli::to_string(*syntax);
  const auto again = cli::parse_syntax(printed, {});
  require(again.has_value(), "what to_string() prints can be read", text);
  require(cli::to_string(*again) == printed, "to_string() is stable", text);
  grammar.commands.push_back(
      {.mode = "m", .syntax = std::move(*syntax), .id = static_cast<std::uint32_t>(grammar.commands.size())});
}

}  // namespace
}  // namespace tandem::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem::fuzz;
  if (size > 1024) {
    return -1;
  }
  tandem::cli::Grammar grammar;
  const auto lines = lines_of(text_of(data, size));
  std::size_t at = 0;
  for (; at < lines.size() && !lines[at].empty(); ++at) {
    if (grammar.commands.size() < kMaxCommands) {
      add_command(grammar, lines[at]);
    }
  }
  const std::size_t end = std::min(lines.size(), at + 1 + kMaxLines);
  for (++at; at < end; ++at) {
    check_line(grammar, "m", lines[at]);
  }
  return 0;
}

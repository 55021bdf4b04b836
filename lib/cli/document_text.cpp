// SPDX-License-Identifier: Apache-2.0
// Output of pages as Markdown and man(7).
#include <fmt/format.h>

#include "lib/cli/document.h"

namespace tandem::cli {
namespace {

std::string escape_table(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    escaped += c == '|' ? "\\|" : std::string(1, c);
  }
  return escaped;
}

// Unfolds the lines of a YANG description.
std::string one_paragraph(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (!blank || (!line.empty() && line.back() != ' ')) {
      line += blank ? ' ' : c;
    }
  }
  return line;
}

std::string with_full_stop(const std::string& text) { return text.empty() || text.ends_with('.') ? text : text + "."; }

std::string markdown_of(const CommandPage& page) {
  std::string text = fmt::format("### `{}`\n\n", page.forms.front());
  if (!page.description.empty()) {
    text += with_full_stop(one_paragraph(page.description)) + "\n\n";
  }
  for (std::size_t form = 1; form < page.forms.size(); ++form) {
    text += fmt::format("    {}\n", page.forms[form]);
  }
  text += page.forms.size() > 1 ? "\n" : "";
  if (!page.default_value.empty()) {
    text += fmt::format("Default: {}.\n\n", page.default_value);
  }
  if (!page.words.empty()) {
    text += "| word | meaning |\n|---|---|\n";
    for (const WordPage& word : page.words) {
      text += fmt::format("| `{}` | {} |\n", escape_table(word.word), escape_table(one_paragraph(word.help)));
    }
    text += "\n";
  }
  text += "```vtysh\n";
  for (const std::string& line : page.example) {
    text += line + "\n";
  }
  return text + "```\n";
}

}  // namespace

std::string to_markdown(const std::vector<CommandPage>& pages) {
  std::string text;
  for (const CommandPage& page : pages) {
    text += (text.empty() ? "" : "\n") + markdown_of(page);
  }
  return text;
}

std::string escape_roff(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\\') {
      escaped += "\\e";
    } else if (c == '-') {
      escaped += "\\-";  // man(1) may print a plain hyphen as a typographic one, which no shell accepts
    } else if ((c == '.' || c == '\'') && (escaped.empty() || escaped.back() == '\n')) {
      escaped += "\\&" + std::string(1, c);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string to_roff(const std::vector<CommandPage>& pages) {
  std::string text;
  for (const CommandPage& page : pages) {
    text += ".TP\n.B \"" + escape_roff(page.forms.front()) + "\"\n";
    std::string body = with_full_stop(one_paragraph(page.description));
    if (body.empty() && !page.words.empty()) {
      body = with_full_stop(page.words.back().help);
    }
    if (!page.default_value.empty()) {
      body += fmt::format("{}Default: {}.", body.empty() ? "" : " ", page.default_value);
    }
    text += escape_roff(body) + "\n";
  }
  return text;
}

}  // namespace tandem::cli

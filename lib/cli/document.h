// SPDX-License-Identifier: Apache-2.0
// Documentation of commands: pure functions from a schema or a grammar to pages, and from pages to Markdown and to the
// source of a manual page. The pages derive from the parser's data, so they cannot differ from it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

struct WordPage {
  std::string word;  // keyword, or the text for a value: "(1-254)"
  std::string help;
};

// One command with its `no` and `default` forms.
struct CommandPage {
  std::string mode;
  std::vector<std::string> forms;  // as `list` prints them, the plain one first
  std::string description;
  std::string default_value;         // as it is typed, or in words; empty: none
  std::vector<WordPage> words;       // of the plain form
  std::vector<std::string> example;  // lines to type, the first in enable mode
};

// The word of an example for a token that stands for a value.
using ExampleValues = std::function<std::string(const Token& token)>;

// The configuration commands, mode by mode, in the order of the schema. Examples use the values of the `example`
// annotations, or else defaults and limits.
std::vector<CommandPage> document_configuration(const Schema& schema);

// All other commands, once for each syntax, in the first of `modes` that has it.
std::vector<CommandPage> document_commands(const Grammar& grammar, const std::vector<std::string>& modes,
                                           const ExampleValues& values);

// A command that matches the syntax, without its optional parts.
std::string example_line(const Element& syntax, const ExampleValues& values);

// Headings of level 3; an example is a block of code with the tag "vtysh".
std::string to_markdown(const std::vector<CommandPage>& pages);
// Paragraphs with hanging tags (man(7)), without examples.
std::string to_roff(const std::vector<CommandPage>& pages);
std::string escape_roff(std::string_view text);

}  // namespace tandem::cli

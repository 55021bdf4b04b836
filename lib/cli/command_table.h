// SPDX-License-Identifier: Apache-2.0
// The configuration commands of a schema as grammar, and for each what it means. Internal to lib/cli.
//
//   node              command                       plain form           `no` form          `default` form
//   leaf              words VALUE                   sets                 removes            removes
//   boolean leaf      words                         sets true            sets false         removes
//                     words <on|off>  (hidden)      sets                 removes
//   leaf-list         words {A|B}                   adds                 removes            removes (enumerations only)
//   container         words VALUES [inline leaves]  sets its leaves(*)   removes it(**)     removes it
//   list              words KEYS [inline leaves]    creates the entry    removes the entry  -
//   list with a mode  words KEYS                    enters the mode      removes the entry  -
//
// All are preceded by the prefixes of the nodes above. (*) Leaves that the line does not name are removed.
// (**) Or, without a value, gives its leaf the negative value, if one has it.
#pragma once

#include <string>
#include <vector>

#include "lib/cli/grammar.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

enum class Verb { set, no, to_default };

struct Meaning {
  const SchemaNode* node;  // nullptr: an ignored command
  Verb verb;
};

struct CommandTable {
  Grammar grammar;  // Command::id is an index into meanings
  std::vector<Meaning> meanings;
  std::vector<std::string> problems;  // annotations that make no sense
};

CommandTable build_command_table(const Schema& schema);

// The leaf children whose values stand on the line of the node's own command: named by its template or printed inline.
std::vector<const SchemaNode*> leaves_on_line(const SchemaNode& node);

// The leaf on the line of a container that has a negative value, or nullptr.
const SchemaNode* negative_leaf(const SchemaNode& container);

// Whether the leaf's value is written by another command than its own: it is a key, on its parent's line, or a prefix
// length.
bool is_written_elsewhere(const SchemaNode& leaf);

// Whether it is what an address has behind its slash.
bool is_prefix_length(const SchemaNode& leaf);

// The words before the commands of the node's children: its prefix, or, of a list without mode, its own command.
std::string prefix_template(const SchemaNode& node);

bool is_mode(const SchemaNode& node);

}  // namespace tandem::cli

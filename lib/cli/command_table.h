// SPDX-License-Identifier: Apache-2.0
// The configuration commands of a schema as a grammar, and the meaning of each command. Internal to lib/cli.
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
// The prefixes of the nodes above come first. (*) Removes the leaves that the line does not name. (**) Or, without a
// value, gives its leaf the negative value, if it has one.
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
  std::vector<std::string> problems;  // invalid annotations
};

CommandTable build_command_table(const Schema& schema);

// The leaf children whose values are on the line of the node's own command: its template names them, or they are
// printed inline.
std::vector<const SchemaNode*> leaves_on_line(const SchemaNode& node);

// The leaf on the line of a container that has a negative value, or nullptr.
const SchemaNode* negative_leaf(const SchemaNode& container);

// Whether another command writes the leaf's value: the leaf is a key, on its parent's line, or a prefix length.
bool is_written_elsewhere(const SchemaNode& leaf);

// Whether the leaf holds the number after the slash of an address.
bool is_prefix_length(const SchemaNode& leaf);

// The words before the commands of the node's children: its prefix or, for a list without mode, its own command.
std::string prefix_template(const SchemaNode& node);

bool is_mode(const SchemaNode& node);

}  // namespace tandem::cli

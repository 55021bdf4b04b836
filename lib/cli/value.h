// SPDX-License-Identifier: Apache-2.0
// Values of leaves, as the model stores them and as a command spells them. Internal to lib/cli.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/cli/grammar.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

// The values of a boolean where it is written with one.
inline constexpr std::string_view kOn = "on";
inline constexpr std::string_view kOff = "off";

// Name under which a command binds the value of a leaf: "group/vrid". The parent's name keeps the keys of nested lists
// apart.
std::string binding_name(const SchemaNode& leaf);

// What the leaf's value looks like in a command: one token, or a choice of keywords.
Element value_element(const SchemaNode& leaf);

// The keywords of an enumeration, each binding the leaf.
std::vector<Element> enum_elements(const SchemaNode& leaf);

// From a word or line that matched value_element(), without "/LENGTH". Errors begin with "% ".
base::Result<std::string> to_model(const SchemaNode& leaf, std::string_view text);

// The inverse. Nothing if no command can carry the value (line breaks, blanks in a word), which only other
// sources than the command line can have set.
std::optional<std::string> to_command(const SchemaNode& leaf, const std::string& value);

// The help of a node: its first sentence if it is long prose.
std::string summary(std::string_view description);

}  // namespace tandem::cli

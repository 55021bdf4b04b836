// SPDX-License-Identifier: Apache-2.0
// Values of leaves in the model's form and in the form of a command. Internal to lib/cli.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/cli/grammar.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

// The values of a boolean in commands that have one.
inline constexpr std::string_view kOn = "on";
inline constexpr std::string_view kOff = "off";

// The name by which a command binds the value of a leaf: "group/vrid". The parent's name distinguishes the keys of
// nested lists.
std::string binding_name(const SchemaNode& leaf);

// The syntax of the leaf's value in a command: one token, or a choice of keywords.
Element value_element(const SchemaNode& leaf);

// The keywords of an enumeration, each binding the leaf.
std::vector<Element> enum_elements(const SchemaNode& leaf);

// Converts a word or line that matched value_element(), without "/LENGTH".
base::Result<std::string> to_model(const SchemaNode& leaf, std::string_view text);

// The inverse. nullopt if no command can express the value (line breaks, blanks in a word); such a value comes from
// another source than the command line.
std::optional<std::string> to_command(const SchemaNode& leaf, const std::string& value);

// The help of a node: the first sentence of a long description.
std::string summary(std::string_view description);

}  // namespace tandem::cli

// SPDX-License-Identifier: Apache-2.0
// The command templates of the schema's annotations: words, <leaf> for the value of a leaf, [optional part]. Internal
// to lib/cli.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/grammar.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

// The template as syntax. `node` is the one annotated: its leaf children can be named, of a leaf itself as <value> or
// by its name.
base::Result<std::vector<Element>> template_elements(std::string_view text, const SchemaNode& node);

// The template with values in place of leaves; optional parts only if all their values are there. Nothing if another
// one is missing.
using ValueSource = std::function<std::optional<std::string>(std::string_view leaf)>;
std::optional<std::string> render_template(std::string_view text, const ValueSource& value);

std::string leading_words(std::string_view text);  // what stands before the first value

bool names_leaf(std::string_view text, std::string_view leaf);  // whether <leaf> occurs

// The own template of a node in full: the value of a leaf that does not name it is appended as <value>.
std::string command_template(const SchemaNode& node);

}  // namespace tandem::cli

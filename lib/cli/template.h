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

// The template as syntax. `node` is the annotated node. The template can name its leaf children; the template of a leaf
// names the leaf itself as <value> or by its name.
base::Result<std::vector<Element>> template_elements(std::string_view text, const SchemaNode& node);

// The template with values in place of leaves. An optional part appears only if all its values exist. nullopt if
// another value is missing.
using ValueSource = std::function<std::optional<std::string>(std::string_view leaf)>;
std::optional<std::string> render_template(std::string_view text, const ValueSource& value);

std::string leading_words(std::string_view text);  // the words before the first value

bool names_leaf(std::string_view text, std::string_view leaf);  // whether <leaf> occurs

// The complete template of a node: appends <value> to the template of a leaf that does not contain it.
std::string command_template(const SchemaNode& node);

}  // namespace tandem::cli

// SPDX-License-Identifier: Apache-2.0
// Instance paths: /module:a/b[key='value']/other:c, with a module's name where it changes. data_path.h parses these
// paths too. Internal to lib/cli.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/schema.h"

namespace tandem::cli {

// Values of leaves by binding_name(), in the model's form.
using Values = std::map<std::string, std::string, std::less<>>;

// [name='value'], in double quotes if the value has single ones; if it has both kinds, single quotes are doubled.
std::string predicate(std::string_view name, const std::string& value);

// The path of a node, with the keys of its lists, its own included, from `values`. Fails if `values` lacks a key.
base::Result<std::string> instance_path(const SchemaNode& node, const Values& values);

// "/" NAME of a child, with its module if that differs from the parent's.
std::string step_text(const SchemaNode& child);

struct PathStep {
  const SchemaNode* node;
  std::vector<std::string> keys;  // of a list the keys in the order of the path, of a leaf-list its value
  Values values;                  // of a list the keys by name
};

// Fails if the text is not a path of the schema.
base::Result<std::vector<PathStep>> parse_path(const SchemaNode& root, std::string_view path);

}  // namespace tandem::cli

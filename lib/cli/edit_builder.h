// SPDX-License-Identifier: Apache-2.0
// Converts a matched command into edits of the tree. Internal to lib/cli.
#pragma once

#include <vector>

#include "lib/base/result.h"
#include "lib/cli/command_table.h"
#include "lib/cli/instance_path.h"
#include "lib/cli/match.h"

namespace tandem::cli {

class EditBuilder {
 public:
  // `keys` are those of the enclosing modes.
  EditBuilder(const Meaning& meaning, Values keys)
      : meaning_(meaning), node_(*meaning.node), values_(std::move(keys)) {}

  base::Result<std::vector<Edit>> build(const Bindings& bindings);

  // After build(): the keys of the enclosing modes and all values of the command, in the model's form.
  const Values& values() const { return values_; }

 private:
  base::Result<> read_values(const Bindings& bindings);
  base::Result<> read_value(const SchemaNode& leaf, const Binding& binding);
  const SchemaNode* leaf_of(const std::string& name) const;

  void edit_leaf_list();
  void edit_leaf();
  void edit_container(const Bindings& bindings);
  void edit_list();
  void edit_leaves_on_line();
  void set(const std::string& path, std::string value) { edits_.push_back({Edit::Kind::set, path, std::move(value)}); }
  void remove(const std::string& path) { edits_.push_back({Edit::Kind::remove, path, {}}); }
  void set_or_remove(const SchemaNode& leaf);

  const Meaning& meaning_;
  const SchemaNode& node_;
  Values values_;
  std::vector<std::string> list_values_;  // of a leaf-list
  std::string path_;
  std::vector<Edit> edits_;
};

}  // namespace tandem::cli

// SPDX-License-Identifier: Apache-2.0
// Configuration trees: instance data of the loaded modules. A Tree is a value that owns its libyang data; copies are
// deep.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/schema.h"
#include "lib/yang/problem.h"

namespace tandem::yang {

class Context;

class Tree {
 public:
  explicit Tree(const Context& context);  // empty
  ~Tree();
  Tree(const Tree& other);
  Tree& operator=(const Tree& other);
  Tree(Tree&&) noexcept;
  Tree& operator=(Tree&&) noexcept;

  // Makes one change. Setting creates the parents; removing an absent node is no error. If the value, or a key in the
  // path, is not of its type, fails and changes nothing, even if the node is absent. The problem's path is then that of
  // the edit, or ends with the impossible list entry.
  base::Result<void, Problem> apply(const cli::Edit& edit);

  // Makes the tree canonical, as validate() does first.
  void normalise();

  // All errors of the tree (YANG constraints, `must` with their messages); empty: valid. Removes containers and list
  // entries with a mode of their own that are empty, and values that equal a YANG default, so that equal configurations
  // are equal trees.
  std::vector<Problem> validate();

  // Replaces the content with JSON instance data (RFC 7951). On failure the tree is unchanged.
  base::Result<void, std::vector<Problem>> parse_json(std::string_view text);
  // The same, but keeps nodes that the text does not mention.
  base::Result<void, std::vector<Problem>> merge_json(std::string_view text);
  std::string to_json(bool with_defaults) const;

  // As plain values for lib/cli, without default nodes; `with_defaults` adds them.
  cli::DataNode to_data(bool with_defaults) const;
  // to_data(false), cached until the tree changes: several readers of one candidate share it.
  const cli::DataNode& data() const;

  bool operator==(const Tree& other) const;

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::yang

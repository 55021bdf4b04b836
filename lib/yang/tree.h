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

  // Makes one change. Setting creates what is above; removing what is not there is no error. Fails, and changes
  // nothing, if the value, or a key in the path, is not of its type, whether something is there or not: the problem's
  // path then is that of the edit, or ends with the list entry that cannot be.
  base::Result<void, Problem> apply(const cli::Edit& edit);

  // Makes the tree canonical, as validate() does first.
  void normalise();

  // Everything that is wrong with the tree (YANG constraints, `must` with their messages); empty: valid. Containers and
  // list entries with a mode of their own that hold nothing are pruned, and values equal to a YANG default are dropped,
  // so that equal configurations are equal trees.
  std::vector<Problem> validate();

  // Replaces the content with JSON instance data (RFC 7951). On failure the tree is unchanged.
  base::Result<void, std::vector<Problem>> parse_json(std::string_view text);
  // The same, but what the text does not mention stays as it is.
  base::Result<void, std::vector<Problem>> merge_json(std::string_view text);
  std::string to_json(bool with_defaults) const;

  // As plain values for lib/cli, without default nodes; `with_defaults` adds them.
  cli::DataNode to_data(bool with_defaults) const;
  // to_data(false), made once and kept until the tree changes: several readers of one candidate share it.
  const cli::DataNode& data() const;

  bool operator==(const Tree& other) const;

  struct Impl;

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::yang

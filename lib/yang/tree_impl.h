// SPDX-License-Identifier: Apache-2.0
// Private to this folder.
#pragma once

#include <optional>

#include "lib/yang/handles.h"
#include "lib/yang/trail.h"
#include "lib/yang/tree.h"

namespace tandem::yang {

struct Tree::Impl {
  const ly_ctx* context;
  const cli::Schema* schema;
  DataHandle data;
  std::optional<cli::DataNode> values = {};  // Tree::data()
  Trail trail = {};

  // To be called before nodes are removed or replaced.
  void forget() {
    values.reset();
    trail = {};
  }
};

}  // namespace tandem::yang

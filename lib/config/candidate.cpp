// SPDX-License-Identifier: Apache-2.0
#include "lib/config/candidate.h"

#include <algorithm>

#include "lib/base/check.h"

namespace tandem::config {

void Candidate::reset(const yang::Tree& running) {
  base_ = running.data();
  tree_ = running;
  touched_ = false;
}

void Candidate::replace(yang::Tree tree) {
  tree_ = std::move(tree);
  touched_ = true;
  touched_ = differs();
}

void Candidate::apply(const std::vector<cli::Edit>& edits) {
  for (const cli::Edit& edit : edits) {
    TANDEM_INVARIANT(tree_.apply(edit).has_value());
  }
  touched_ = touched_ || !edits.empty();
}

std::vector<cli::Edit> Candidate::edits() {
  if (!touched_) {
    return {};
  }
  tree_.normalise();
  return cli::difference(base_, tree_.data());
}

bool Candidate::differs() { return !edits().empty(); }

Candidate::Rebased Candidate::rebase(const yang::Tree& running, Winner winner) {
  const std::vector<cli::Edit> mine = edits();
  Rebased result{running, cli::conflicts(mine, cli::difference(base_, running.data()))};
  for (const cli::Edit& edit : mine) {
    const bool contradicted =
        std::ranges::any_of(result.conflicts, [&edit](const cli::Conflict& conflict) { return conflict.mine == edit; });
    if (winner == Winner::mine || !contradicted) {
      TANDEM_INVARIANT(result.tree.apply(edit).has_value());  // the model took it before
    }
  }
  result.tree.normalise();
  return result;
}

}  // namespace tandem::config

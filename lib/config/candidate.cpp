// SPDX-License-Identifier: Apache-2.0
#include "lib/config/candidate.h"

#include <string_view>
#include <unordered_set>

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

base::Result<void, yang::Problem> Candidate::apply(const std::vector<cli::Edit>& edits) {
  touched_ = touched_ || !edits.empty();
  for (const cli::Edit& edit : edits) {
    if (auto applied = tree_.apply(edit); !applied) {
      return applied;
    }
  }
  return {};
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
  std::unordered_set<std::string_view> contradicted;  // paths: each is changed once
  for (const cli::Conflict& conflict : result.conflicts) {
    contradicted.insert(conflict.mine.path);
  }
  for (const cli::Edit& edit : mine) {
    if (winner == Winner::theirs && contradicted.contains(edit.path)) {
      continue;
    }
    if (auto applied = result.tree.apply(edit); !applied) {
      result.refused.push_back(std::move(applied.error()));
    }
  }
  result.tree.normalise();
  return result;
}

}  // namespace tandem::config

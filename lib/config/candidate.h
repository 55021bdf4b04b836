// SPDX-License-Identifier: Apache-2.0
// The copy of the configuration that one session changes until it commits. It keeps the configuration that it was copied
// from: the difference is the session's changes, as opposed to later commits of others. Transactions owns all candidates.
#pragma once

#include <vector>

#include "lib/cli/difference.h"
#include "lib/config/history.h"
#include "lib/yang/tree.h"

namespace tandem::config {

enum class CandidateKind { exclusive, private_copy };

class Candidate {
 public:
  struct Owner {
    CandidateKind kind;
    Author author;
    base::WallTime since;
  };

  Candidate(Owner owner, const yang::Tree& running) : owner_(std::move(owner)), base_(running.data()), tree_(running) {}

  const Owner& owner() const { return owner_; }
  const yang::Tree& tree() const { return tree_; }

  // Begins again with what is running now.
  void reset(const yang::Tree& running);
  void replace(yang::Tree tree);
  // Precondition: the model accepts the values (Datastore::check_values()). Stops at the first edit that fails.
  base::Result<void, yang::Problem> apply(const std::vector<cli::Edit>& edits);

  // What the session has changed.
  std::vector<cli::Edit> edits();
  bool differs();
  bool touched() const { return touched_; }

  // The session's changes on top of what is running now, and those that others contradict. `theirs`: a contradicted
  // change is left out.
  enum class Winner { mine, theirs };
  struct Rebased {
    yang::Tree tree;
    std::vector<cli::Conflict> conflicts;
    std::vector<yang::Problem> refused = {};  // changes that the model does not take; none, if all is well
  };
  Rebased rebase(const yang::Tree& running, Winner winner);

 private:
  Owner owner_;
  cli::DataNode base_;
  yang::Tree tree_;
  bool touched_ = false;  // since reset(); saves comparisons
};

}  // namespace tandem::config

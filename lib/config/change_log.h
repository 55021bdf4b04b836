// SPDX-License-Identifier: Apache-2.0
// The changes that were committed while sessions had candidates: they tell who is behind a conflict. Owned by Transactions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/cli/difference.h"
#include "lib/config/datastore.h"

namespace tandem::config {

class ChangeLog {
 public:
  explicit ChangeLog(const cli::ConfigCommands& commands) : commands_(commands) {}  // keeps the reference

  struct CommittedEdits {
    std::uint64_t commit;
    std::string user;
    std::vector<cli::Edit> edits;
  };
  void add(CommittedEdits commit);  // forgets the oldest beyond kMaxCommits
  void clear() { changes_.clear(); }

  // One line for each conflict, each once, up to kMaxConflicts:
  // "vrrp 5 on eth1: priority changed here, and changed by root in commit 17".
  std::vector<std::string> describe(const std::vector<cli::Conflict>& conflicts) const;
  // The same as refusals of a commit, with the remedy.
  std::vector<Refusal> refusals_of(const std::vector<cli::Conflict>& conflicts) const;

 private:
  std::string describe(const cli::Conflict& conflict) const;
  std::string culprit(const cli::Edit& edit) const;

  const cli::ConfigCommands& commands_;
  std::vector<CommittedEdits> changes_;  // oldest first
};

}  // namespace tandem::config

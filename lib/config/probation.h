// SPDX-License-Identifier: Apache-2.0
// `commit confirmed`: the commit that waits for its confirmation, if there is one. The configuration before it is on the disk
// before the commit takes effect: a daemon that ends without a confirmation begins with that configuration. Owned by
// Transactions, which rolls back.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lib/config/caller.h"
#include "lib/config/history.h"
#include "lib/log/log.h"

namespace tandem::config {

class Probation {
 public:
  struct Waiting {
    Commit commit;
    SessionId session;
    base::TimePoint deadline;
    base::WallTime wall_deadline;
    std::string text_before;  // the configuration to go back to
  };

  Probation(History& history, log::Logger& logger) : history_(history), logger_(logger) {}  // keeps references

  const std::optional<Waiting>& waiting() const { return waiting_; }
  std::optional<base::TimePoint> deadline() const;
  // Whether the running configuration may become the startup configuration.
  base::Result<> may_save() const;

  // Before `commit` takes effect. Returns true if a record was written for it; none is written while a commit waits
  // already, since the configuration before the first of them is the one to go back to. A failure is logged, and a warning.
  bool prepare(const Commit& commit, const std::string& text_before, std::vector<std::string>& warnings);
  // The last commit of the history has taken effect.
  void begin(const Caller& caller, std::string text_before);
  // Precondition: a commit waits. Its time ends `time` from now.
  void extend(const Caller& caller, std::chrono::seconds time);
  base::Result<> confirm(const Caller& caller);
  void end() { waiting_.reset(); }  // it has been rolled back

 private:
  History& history_;
  log::Logger& logger_;
  std::optional<Waiting> waiting_;
};

}  // namespace tandem::config

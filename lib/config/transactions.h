// SPDX-License-Identifier: Apache-2.0
// Every change of the running configuration: lines that take effect at once, files, candidates of sessions, and the rollback
// of a commit that was not confirmed. A change is refused while another session has the configuration locked; a change that
// takes effect gets an entry in the history and an audit line in the log.
//
// Owns the candidates and the commit that waits for confirmation. Not thread-safe; time is an argument. A function that fails
// returns all reasons as refusals and has changed nothing.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/config/caller.h"
#include "lib/config/candidate.h"
#include "lib/config/change_log.h"
#include "lib/config/datastore.h"
#include "lib/config/history.h"
#include "lib/config/probation.h"

namespace tandem::config {

// A configuration file, CLI text or JSON; its name is for messages.
struct File {
  std::string name;
  std::string text;
  Datastore::ReadOptions reading = {};
};

// The result of a commit.
struct Committed {
  std::uint64_t id = 0;               // 0: there was nothing to change
  std::uint64_t confirmed = 0;        // the commit that waited and that this one confirmed
  std::vector<std::string> warnings;  // the commit took effect nevertheless
  std::vector<Refusal> skipped;       // lines that a lenient reading left out
};
using CommitResult = base::Result<Committed, std::vector<Refusal>>;

struct CommitOptions {
  std::string comment = {};
  std::optional<std::chrono::minutes> confirm_within = {};
};

class Transactions {
 public:
  // Both must outlive the object.
  Transactions(Datastore& datastore, History& history, log::Logger& logger)
      : datastore_(datastore),
        history_(history),
        logger_(logger),
        changes_(datastore.commands()),
        probation_(history, logger) {}

  // The first configuration of the daemon. If the last run ended while a commit waited for its confirmation, the one
  // before that commit runs instead of the file.
  CommitResult start(const Caller& caller, const File& file);

  // Each is a transaction that takes effect at once. `what`, for audit and history, is the line with its context.
  CommitResult commit_line(const Caller& caller, const std::string& what, const std::vector<cli::Edit>& edits);
  CommitResult commit_file(const Caller& caller, const File& file);
  // The result that commit_file(), or load() and then commit(), would have. Changes nothing.
  CommitResult check_file(SessionId session, const File& file);
  // The file as the whole configuration, as commands in the style that tools compare. Changes nothing.
  base::Result<std::string, std::vector<Refusal>> separate(const File& file);

  // ---- the candidate of a session

  base::Result<> open(const Caller& caller, CandidateKind kind);
  bool has_candidate(SessionId session) const { return candidates_.contains(session); }
  bool uncommitted(SessionId session);    // its candidate differs from what it began with
  bool touched(SessionId session) const;  // the same, cheaply: true also if changes cancelled each other out
  void close(SessionId session);          // its uncommitted changes are lost

  // Preconditions of all the following: has_candidate().
  base::Result<void, std::vector<Refusal>> edit(SessionId session, const std::vector<cli::Edit>& edits);
  CommitResult load(SessionId session, const File& file);  // nothing is committed; the result has the skipped lines
  base::Result<void, std::vector<Refusal>> check(SessionId session);  // the errors that commit() would have now
  CommitResult commit(const Caller& caller, const CommitOptions& options);
  void discard(SessionId session);
  base::Result<> rollback(SessionId session, std::size_t ago);
  // Takes over the commits of other sessions since; on a conflict the committed value wins. Returns a line for each change
  // of this session that is lost.
  std::vector<std::string> update(SessionId session);
  // The changes that a commit would make, as unified_diff(), and the conflicts that prevent it, a line each.
  std::string diff(SessionId session);
  std::vector<std::string> conflicts(SessionId session);

  // ---- the commit that waits for its confirmation

  const Probation& probation() const { return probation_; }
  base::Result<> confirm(const Caller& caller) { return probation_.confirm(caller); }
  void expire(const Caller& caller);  // rolls back the commit whose deadline has passed

  // Whether the session may change the running configuration now: no other session has it locked, and no commit waits
  // for its confirmation. A commit of the session's own candidate may wait, if the change is of the candidate, too.
  enum class ChangeKind { immediate, candidate };
  base::Result<> may_change(SessionId session, ChangeKind kind) const;

  const History& history() const { return history_; }

 private:
  struct Purpose {
    std::string what;
    CommitOptions options = {};
    Datastore::Unchanged unchanged = Datastore::Unchanged::skip;
  };

  const std::optional<Probation::Waiting>& waiting() const { return probation_.waiting(); }
  Candidate& candidate(SessionId session) { return candidates_.at(session); }
  base::Result<> unlocked(SessionId session) const;  // by others
  CommitResult apply(const Caller& caller, Draft draft, const Purpose& purpose);
  void record(const Caller& caller, const Purpose& purpose, const cli::DataNode& before, Committed& committed);
  bool roll_back(const Caller& caller, const Probation::Waiting& unconfirmed, std::string_view why);

  Datastore& datastore_;
  History& history_;
  log::Logger& logger_;
  std::map<SessionId, Candidate> candidates_;
  ChangeLog changes_;  // since the oldest candidate was opened
  Probation probation_;
};

// One line per refusal: "% MESSAGE", or "NAME:LINE: MESSAGE" of a file.
std::string text_of(const std::vector<Refusal>& refusals, const std::string& file);

}  // namespace tandem::config

// SPDX-License-Identifier: Apache-2.0
// The one door to the running configuration. Lines that take effect at once, files, candidates of sessions, and what
// undoes a commit that was not confirmed: all go through here, are refused while another session has the configuration
// locked, and end in the history and in the audit lines of the log.
//
// Owns the candidates and the commit that waits for confirmation. Not thread-safe; time is an argument. What fails is
// told as refusals and has changed nothing.
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
  Datastore::Reading reading = {};
};

// What has become of a commit.
struct Committed {
  std::uint64_t id = 0;               // 0: there was nothing to change
  std::uint64_t confirmed = 0;        // the commit that waited and that this one confirmed
  std::vector<std::string> warnings;  // it took effect all the same
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

  // At once, as transactions of their own. `what` is the line, with its context, for audit and history.
  CommitResult commit_line(const Caller& caller, const std::string& what, const std::vector<cli::Edit>& edits);
  CommitResult commit_file(const Caller& caller, const File& file);
  // What commit_file(), or load() and then commit(), would say. Changes nothing.
  CommitResult check_file(SessionId session, const File& file);
  // The file by itself, as commands in the style that tools compare. Changes nothing.
  base::Result<std::string, std::vector<Refusal>> separate(const File& file);

  // ---- the candidate of a session

  base::Result<> open(const Caller& caller, CandidateKind kind);
  bool has_candidate(SessionId session) const { return candidates_.contains(session); }
  bool uncommitted(SessionId session);    // its candidate differs from what it began with
  bool touched(SessionId session) const;  // the same, cheaply: true also if changes cancelled each other out
  void close(SessionId session);          // and everything that is not committed is lost

  // Preconditions of all the following: has_candidate().
  base::Result<void, std::vector<Refusal>> edit(SessionId session, const std::vector<cli::Edit>& edits);
  CommitResult load(SessionId session, const File& file);  // nothing is committed; tells the lines that were skipped
  base::Result<void, std::vector<Refusal>> check(SessionId session);  // what commit() would say now
  CommitResult commit(const Caller& caller, const CommitOptions& options);
  void discard(SessionId session);
  base::Result<> rollback(SessionId session, std::size_t ago);
  // Takes over what others have committed since; where they contradict this session, they win. One line each.
  std::vector<std::string> update(SessionId session);
  // What a commit would change, as unified_diff(), and what stands in its way: one line each.
  std::string diff(SessionId session);
  std::vector<std::string> conflicts(SessionId session);

  // ---- the commit that waits for its confirmation

  const Probation& probation() const { return probation_; }
  base::Result<> confirm(const Caller& caller) { return probation_.confirm(caller); }
  void expire(const Caller& caller);  // rolls back what has not been confirmed by now

  // Whether the session may change the running configuration now: no other session has it locked, and no commit waits
  // for its confirmation, except one of the session's own candidate.
  enum class Door { at_once, candidate };
  base::Result<> may_change(SessionId session, Door door) const;

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

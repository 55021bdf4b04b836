// SPDX-License-Identifier: Apache-2.0
#include "lib/config/transactions.h"

#include "lib/config/limits.h"
#include "lib/config/messages.h"
#include "lib/config/refusals.h"
#include "lib/log/printable.h"

namespace tandem::config {
namespace {

base::Unexpected<std::vector<Refusal>> refuse(std::vector<Refusal> refusals) {
  return base::Unexpected<std::vector<Refusal>>(std::move(refusals));
}

base::Unexpected<std::vector<Refusal>> refuse(const base::Error& error) {
  return refuse(std::vector<Refusal>{{0, error.message}});
}

std::string_view words_of(CandidateKind kind) {
  switch (kind) {
    case CandidateKind::exclusive:
      return "configure exclusive";
    case CandidateKind::private_copy:
      return "configure private";
  }
  return {};
}

}  // namespace

std::string text_of(const std::vector<Refusal>& refusals, const std::string& file) {
  const std::string name = log::printable(file);  // like the messages, it may quote anything
  std::string text;
  for (const Refusal& refusal : refusals) {
    const std::string message = log::printable(refusal.message);
    text += text.empty() ? "" : "\n";
    if (file.empty()) {
      text.append("% ").append(message);
    } else if (refusal.line == 0) {
      text.append(name).append(": ").append(message);
    } else {
      text += fmt::format("{}:{}: {}", name, refusal.line, message);
    }
  }
  return text;
}

base::Result<> Transactions::unlocked(SessionId session) const {
  for (const auto& [other, candidate] : candidates_) {
    if (other != session && candidate.owner().kind == CandidateKind::exclusive) {
      const Candidate::Owner& owner = candidate.owner();
      return base::fail("configuration is locked by {} ({}) since {}", owner.author.user, owner.author.pid,
                        to_string(owner.since));
    }
  }
  return {};
}

base::Result<> Transactions::may_change(SessionId session, ChangeKind kind) const {
  if (const auto free = unlocked(session); !free) {
    return free;
  }
  if (waiting() && (kind == ChangeKind::immediate || waiting()->session != session)) {
    return base::fail("commit {} of {} ({}) waits for its confirmation until {}: `commit confirm` it first",
                      waiting()->commit.id, waiting()->commit.author.user, waiting()->commit.author.pid,
                      to_string(waiting()->wall_deadline));
  }
  return {};
}

// ---- at once

CommitResult Transactions::start(const Caller& caller, const File& file) {
  if (auto unconfirmed = history_.unconfirmed()) {
    const Probation::Waiting waiting{.commit = std::move(unconfirmed->commit),
                                     .session = 0,
                                     .deadline = caller.now,
                                     .wall_deadline = caller.wall_now,
                                     .text_before = std::move(unconfirmed->text)};
    if (roll_back(caller, waiting, "before the daemon ended")) {
      Committed committed;
      committed.id = history_.commits().back().id;
      return committed;
    }
  }
  return apply(caller, datastore_.read(datastore_.empty(), file.text, file.reading),
               {.what = "startup: " + file.name, .unchanged = Datastore::Unchanged::apply});
}

CommitResult Transactions::commit_line(const Caller& caller, const std::string& what,
                                       const std::vector<cli::Edit>& edits) {
  if (const auto may = may_change(caller.session, ChangeKind::immediate); !may) {
    return refuse(may.error());
  }
  return apply(caller, datastore_.edited(datastore_.running(), edits), {.what = what});
}

CommitResult Transactions::commit_file(const Caller& caller, const File& file) {
  if (const auto may = may_change(caller.session, ChangeKind::immediate); !may) {
    return refuse(may.error());
  }
  return apply(caller, datastore_.read(datastore_.running(), file.text, file.reading), {.what = "file " + file.name});
}

CommitResult Transactions::check_file(SessionId session, const File& file) {
  const yang::Tree& base = has_candidate(session) ? candidate(session).tree() : datastore_.running();
  Draft draft = datastore_.read(base, file.text, file.reading);
  Committed checked;
  checked.skipped = draft.skipped;
  if (const auto valid = datastore_.check(draft); !valid) {
    return refuse(valid.error());
  }
  return checked;
}

base::Result<std::string, std::vector<Refusal>> Transactions::separate(const File& file) {
  Draft draft = datastore_.read(datastore_.empty(), file.text, file.reading);
  if (const auto valid = datastore_.check(draft); !valid) {
    return refuse(valid.error());
  }
  return datastore_.print(draft.tree, cli::Style::separate);
}

CommitResult Transactions::apply(const Caller& caller, Draft draft, const Purpose& purpose) {
  Committed committed;
  committed.skipped = std::move(draft.skipped);
  // Before anything happens: a daemon that dies half way through must find it.
  const Commit next{history_.next_id(), caller.wall_now, caller.author, purpose.what, purpose.options.comment};
  const bool on_record =
      purpose.options.confirm_within && probation_.prepare(next, datastore_.print(), committed.warnings);
  const cli::DataNode before = candidates_.empty() ? cli::DataNode() : datastore_.running().data();
  std::string text_before = purpose.options.confirm_within ? datastore_.print() : std::string();
  const auto effect = datastore_.commit(std::move(draft), purpose.unchanged);
  if (!effect || *effect == Datastore::Effect::none) {
    if (on_record) {
      static_cast<void>(history_.clear_unconfirmed());  // nothing is on probation
    }
    return effect ? CommitResult(std::move(committed)) : refuse(effect.error());
  }
  record(caller, purpose, before, committed);
  if (purpose.options.confirm_within) {
    probation_.begin(caller, std::move(text_before));
    probation_.extend(caller, *purpose.options.confirm_within);
  }
  return committed;
}

// What has taken effect goes into history and audit. A configuration that the history ends with already, as after a
// restart, is not entered twice.
void Transactions::record(const Caller& caller, const Purpose& purpose, const cli::DataNode& before,
                          Committed& committed) {
  const std::string& text = datastore_.print();
  if (purpose.unchanged == Datastore::Unchanged::apply && history_.text(0) == text) {
    committed.id = history_.commits().back().id;
    return;
  }
  committed.id = history_.next_id();
  const std::string& comment = purpose.options.comment;
  const auto written = history_.add({committed.id, caller.wall_now, caller.author, purpose.what, comment}, text);
  logger_.write<kCommitted>(committed.id, caller.author.user, caller.author.pid, purpose.what,
                            comment.empty() ? "" : ", comment: " + comment);
  if (!written) {
    logger_.write<kHistoryNotWritten>(committed.id, written.error().message);
    committed.warnings.push_back(
        fmt::format("commit {} is not in the history on the disk: {}", committed.id, written.error().message));
  }
  if (!candidates_.empty()) {
    changes_.add({committed.id, caller.author.user, cli::difference(before, datastore_.running().data())});
  }
}

// ---- candidates

base::Result<> Transactions::open(const Caller& caller, CandidateKind kind) {
  if (const auto mine = candidates_.find(caller.session); mine != candidates_.end()) {
    if (mine->second.owner().kind == kind) {
      return {};
    }
    return base::fail("this session has a candidate of `{}` already: leave that first",
                      words_of(mine->second.owner().kind));
  }
  if (kind == CandidateKind::exclusive) {
    if (const auto free = unlocked(caller.session); !free) {
      return free;
    }
  }
  if (candidates_.size() >= kMaxCandidates) {
    return base::fail("there are {} candidates already, the limit", candidates_.size());
  }
  candidates_.emplace(caller.session, Candidate({.kind = kind, .author = caller.author, .since = caller.wall_now},
                                                datastore_.running()));
  return {};
}

bool Transactions::uncommitted(SessionId session) {
  const auto mine = candidates_.find(session);
  return mine != candidates_.end() && mine->second.differs();
}

bool Transactions::touched(SessionId session) const {
  const auto mine = candidates_.find(session);
  return mine != candidates_.end() && mine->second.touched();
}

void Transactions::close(SessionId session) {
  const auto mine = candidates_.find(session);
  if (mine == candidates_.end()) {
    return;
  }
  if (mine->second.differs()) {
    logger_.write<kCandidateLost>(mine->second.owner().author.user, mine->second.owner().author.pid);
  }
  candidates_.erase(mine);
  if (candidates_.empty()) {
    changes_.clear();
  }
}

base::Result<void, std::vector<Refusal>> Transactions::edit(SessionId session, const std::vector<cli::Edit>& edits) {
  if (auto refused = datastore_.check_values(edits); !refused.empty()) {
    return refuse(std::move(refused));
  }
  if (const auto applied = candidate(session).apply(edits); !applied) {
    return refuse(refusals_of(datastore_.commands(), {applied.error()}));
  }
  return {};
}

CommitResult Transactions::load(SessionId session, const File& file) {
  Draft draft = datastore_.read(candidate(session).tree(), file.text, file.reading);
  if (!draft.refusals.empty()) {
    return refuse(std::move(draft.refusals));
  }
  candidate(session).replace(std::move(draft.tree));
  Committed loaded;
  loaded.skipped = std::move(draft.skipped);
  return loaded;
}

base::Result<void, std::vector<Refusal>> Transactions::check(SessionId session) {
  if (const auto may = may_change(session, ChangeKind::candidate); !may) {
    return refuse(may.error());
  }
  Candidate::Rebased rebased = candidate(session).rebase(datastore_.running(), Candidate::Winner::mine);
  if (!rebased.conflicts.empty() || !rebased.refused.empty()) {
    return refuse(rebased.conflicts.empty() ? refusals_of(datastore_.commands(), rebased.refused)
                                            : changes_.refusals_of(rebased.conflicts));
  }
  Draft draft{.tree = std::move(rebased.tree)};
  return datastore_.check(draft);
}

CommitResult Transactions::commit(const Caller& caller, const CommitOptions& options) {
  if (options.comment.size() > kMaxNote) {
    return refuse(base::Error{fmt::format("a comment of {} bytes: it may have {}", options.comment.size(), kMaxNote)});
  }
  if (const auto may = may_change(caller.session, ChangeKind::candidate); !may) {
    return refuse(may.error());
  }
  Candidate& mine = candidate(caller.session);
  Candidate::Rebased rebased = mine.rebase(datastore_.running(), Candidate::Winner::mine);
  if (!rebased.conflicts.empty() || !rebased.refused.empty()) {
    return refuse(rebased.conflicts.empty() ? refusals_of(datastore_.commands(), rebased.refused)
                                            : changes_.refusals_of(rebased.conflicts));
  }
  auto committed = apply(caller, Draft{.tree = std::move(rebased.tree)},
                         {.what = std::string(words_of(mine.owner().kind)), .options = options});
  if (!committed) {
    return committed;
  }
  mine.reset(datastore_.running());
  if (waiting() && !options.confirm_within) {
    const std::uint64_t id = waiting()->commit.id;
    if (const auto confirmed = probation_.confirm(caller)) {  // who goes on committing is satisfied with what he has
      committed->confirmed = id;
    } else {
      committed->warnings.push_back(fmt::format("commit {} is {}", id, confirmed.error().message));
    }
  } else if (waiting() && committed->id == 0) {
    probation_.extend(caller, *options.confirm_within);
    committed->id = waiting()->commit.id;
  }
  return committed;
}

void Transactions::discard(SessionId session) { candidate(session).reset(datastore_.running()); }

base::Result<> Transactions::rollback(SessionId session, std::size_t ago) {
  if (ago == 0) {
    discard(session);
    return {};
  }
  const auto text = TANDEM_TRY(history_.text(ago));
  Draft draft = datastore_.read(datastore_.empty(), text, {.base = Datastore::Base::replaced});
  if (!draft.refusals.empty()) {
    return base::fail("that configuration is not understood any more: {}", draft.refusals.front().message);
  }
  discard(session);  // what is gone back to is meant against what runs now
  candidate(session).replace(std::move(draft.tree));
  return {};
}

std::vector<std::string> Transactions::update(SessionId session) {
  Candidate& mine = candidate(session);
  Candidate::Rebased rebased = mine.rebase(datastore_.running(), Candidate::Winner::theirs);
  mine.reset(datastore_.running());
  mine.replace(std::move(rebased.tree));
  return changes_.describe(rebased.conflicts);
}

std::string Transactions::diff(SessionId session) {
  const auto rebased = candidate(session).rebase(datastore_.running(), Candidate::Winner::mine);
  return cli::unified_diff(datastore_.commands(), datastore_.print(), datastore_.print(rebased.tree));
}

std::vector<std::string> Transactions::conflicts(SessionId session) {
  return changes_.describe(candidate(session).rebase(datastore_.running(), Candidate::Winner::mine).conflicts);
}

// ---- the commit on probation

void Transactions::expire(const Caller& caller) {
  if (!waiting() || caller.now < waiting()->deadline) {
    return;
  }
  const Probation::Waiting unconfirmed = *waiting();
  if (roll_back(caller, unconfirmed, "in time")) {
    probation_.end();
  } else {
    probation_.extend(caller, kRollbackRetry);
  }
}

bool Transactions::roll_back(const Caller& caller, const Probation::Waiting& unconfirmed, std::string_view why) {
  const Commit& commit = unconfirmed.commit;
  Draft draft = datastore_.read(datastore_.empty(), unconfirmed.text_before, {.base = Datastore::Base::replaced});
  const auto committed = apply(caller, std::move(draft),
                               {.what = fmt::format("rollback: commit {} was not confirmed {}", commit.id, why),
                                .unchanged = Datastore::Unchanged::apply});
  if (!committed) {
    logger_.write<kRollbackFailed>(commit.id, text_of(committed.error(), {}));
    return false;
  }
  logger_.write<kRolledBack>(committed->id, commit.id, commit.author.user, why);
  static_cast<void>(history_.clear_unconfirmed());  // if it stays, the next start rolls back to what runs now
  return true;
}

}  // namespace tandem::config

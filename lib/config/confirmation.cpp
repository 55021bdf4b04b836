// SPDX-License-Identifier: Apache-2.0
// `commit confirmed`: a commit on probation. The configuration before it is on the disk before the commit takes effect,
// so that a daemon that does not live to see the confirmation begins with that one.
#include "lib/config/limits.h"
#include "lib/config/messages.h"
#include "lib/config/transactions.h"

namespace tandem::config {

// True: a record was written for this commit. One that waits already keeps its record: what is gone back to is the
// configuration before the first of them.
bool Transactions::prepare_confirmation(const Caller& caller, const Purpose& purpose, Committed& committed) {
  if (!purpose.options.confirm_within || waiting_) {
    return false;
  }
  const Commit commit{history_.next_id(), caller.wall_now, caller.author, purpose.what, purpose.options.comment};
  const auto written = history_.set_unconfirmed(commit, datastore_.print());
  if (!written) {
    logger_.write<kUnconfirmedNotWritten>(commit.id, written.error().message);
    committed.warnings.push_back(
        fmt::format("a restart of the daemon would not roll back to what runs now: {}", written.error().message));
  }
  return written.has_value();
}

void Transactions::expect_confirmation(const Caller& caller, const Purpose& purpose, std::string text_before) {
  if (waiting_) {
    waiting_->commit = history_.commits().back();
  } else {
    waiting_ = Waiting{.commit = history_.commits().back(),
                       .session = caller.session,
                       .deadline = caller.now,
                       .wall_deadline = caller.wall_now,
                       .text_before = std::move(text_before)};
  }
  extend_confirmation(caller, *purpose.options.confirm_within);
}

void Transactions::extend_confirmation(const Caller& caller, std::chrono::seconds time) {
  waiting_->deadline = caller.now + time;
  waiting_->wall_deadline = caller.wall_now + time;
}

base::Result<> Transactions::confirm(const Caller& caller) {
  if (!waiting_) {
    return base::fail("no commit waits for a confirmation");
  }
  if (const auto cleared = history_.clear_unconfirmed(); !cleared) {
    return base::fail("not confirmed, a restart would roll it back: {}", cleared.error().message);
  }
  logger_.write<kConfirmed>(waiting_->commit.id, caller.author.user, caller.author.pid);
  waiting_.reset();
  return {};
}

std::optional<base::TimePoint> Transactions::deadline() const {
  return waiting_ ? std::optional(waiting_->deadline) : std::nullopt;
}

void Transactions::expire(const Caller& caller) {
  if (!waiting_ || caller.now < waiting_->deadline) {
    return;
  }
  const Waiting unconfirmed = *waiting_;
  if (roll_back(caller, unconfirmed, "in time")) {
    waiting_.reset();
  } else {
    extend_confirmation(caller, kRollbackRetry);
  }
}

bool Transactions::roll_back(const Caller& caller, const Waiting& unconfirmed, std::string_view why) {
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

base::Result<> Transactions::may_save() const {
  if (waiting_) {
    return base::fail("commit {} of {} waits for its confirmation until {}: `commit confirm` it first, then save",
                      waiting_->commit.id, waiting_->commit.author.user, to_string(waiting_->wall_deadline));
  }
  return {};
}

}  // namespace tandem::config

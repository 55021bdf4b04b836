// SPDX-License-Identifier: Apache-2.0
#include "lib/config/probation.h"

#include <utility>

#include "lib/config/messages.h"

namespace tandem::config {

bool Probation::prepare(const Commit& commit, const std::string& text_before, std::vector<std::string>& warnings) {
  if (waiting_) {
    return false;
  }
  const auto written = history_.set_unconfirmed(commit, text_before);
  if (!written) {
    logger_.write<kUnconfirmedNotWritten>(commit.id, written.error().message);
    warnings.push_back(
        fmt::format("a restart of the daemon would not roll back to what runs now: {}", written.error().message));
  }
  return written.has_value();
}

void Probation::begin(const Caller& caller, std::string text_before) {
  if (waiting_) {
    waiting_->commit = history_.commits().back();
    return;
  }
  waiting_ = Waiting{.commit = history_.commits().back(),
                     .session = caller.session,
                     .deadline = caller.now,
                     .wall_deadline = caller.wall_now,
                     .text_before = std::move(text_before)};
}

void Probation::extend(const Caller& caller, std::chrono::seconds time) {
  waiting_->deadline = caller.now + time;
  waiting_->wall_deadline = caller.wall_now + time;
}

base::Result<> Probation::confirm(const Caller& caller) {
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

std::optional<base::TimePoint> Probation::deadline() const {
  return waiting_ ? std::optional(waiting_->deadline) : std::nullopt;
}

base::Result<> Probation::may_save() const {
  if (waiting_) {
    return base::fail("commit {} of {} waits for its confirmation until {}: `commit confirm` it first, then save",
                      waiting_->commit.id, waiting_->commit.author.user, to_string(waiting_->wall_deadline));
  }
  return {};
}

}  // namespace tandem::config

// SPDX-License-Identifier: Apache-2.0
#include "vtysh/candidates.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace tandem::vtysh {

bool is_commit(std::string_view line) { return line.starts_with("commit") && line != "commit check"; }

void Candidates::handle_opened() { losses_ = daemons_.losses(); }

void Candidates::handle_answer(std::size_t daemon, const ipc::Done& done) {
  if (done.uncommitted) {
    changed_.insert(daemon);
  } else {
    changed_.erase(daemon);
  }
}

void Candidates::handle_command(std::string_view canonical) {
  if (is_commit(canonical)) {
    unconfirmed_ = canonical.starts_with("commit confirmed");
  }
}

bool Candidates::are_lost() const { return losses_ != daemons_.losses(); }

void Candidates::report_loss(Output& out) {
  out.write(fmt::format("% The connection was lost, and {} with it: this line is not executed\n",
                        changed_.empty() ? "the candidate" : "the uncommitted changes"));
  if (std::exchange(unconfirmed_, false)) {
    out.write("% See show configuration commits for the result of the commit that waited for its confirmation\n");
  }
}

// Each answer of a daemon says whether the candidate was changed. Only when the session asks to leave does the daemon
// compare it: the changes may cancel out ("no" of an added line). With several changed candidates the first daemon
// would have left already, so the question goes to one only.
bool Candidates::have_nothing_to_commit(Output& out) {
  return changed_.empty() || (changed_.size() == 1 && leave_one(*changed_.begin(), {.discard = false}, out));
}

bool Candidates::leave(ipc::LeaveConfiguration how, Output& out) {
  bool left = true;
  for (std::size_t daemon = 0; daemon < daemons_.size(); ++daemon) {
    left = (daemons_.welcome(daemon) == nullptr || leave_one(daemon, how, out)) && left;
  }
  return left;
}

bool Candidates::leave_one(std::size_t daemon, ipc::LeaveConfiguration how, Output& out) {
  const auto done = daemons_.call(daemon, {0, how}, [&out](const std::string& text) { out.write(text); });
  if (!done) {
    out.write(fmt::format("% {}\n", done.error().message));  // the daemon discarded the candidate with the connection
  } else if (!done->ok && done->uncommitted) {
    return false;
  } else if (!done->ok) {
    out.write(done->error + "\n");
  }
  return true;
}

}  // namespace tandem::vtysh

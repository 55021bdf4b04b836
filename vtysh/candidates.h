// SPDX-License-Identifier: Apache-2.0
// The candidates that the daemons keep for this session (`configure private|exclusive`): one in each daemon, opened and
// left together. A daemon that loses the connection discards its candidate.
#pragma once

#include <cstddef>
#include <set>
#include <string_view>

#include "lib/ipc/messages.h"
#include "vtysh/daemons.h"
#include "vtysh/output.h"

namespace tandem::vtysh {

class Candidates {
 public:
  explicit Candidates(Daemons& daemons) : daemons_(daemons) {}

  void handle_opened();  // precondition: all daemons have opened one
  void handle_answer(std::size_t daemon, const ipc::Done& done);
  void handle_command(std::string_view canonical);  // to be called after it has succeeded
  void forget() { changed_.clear(); }

  // Whether a connection, and its candidate, was lost since handle_opened().
  bool are_lost() const;
  // Reports the losses to the operator: lines that begin with "% ".
  void report_loss(Output& out);

  // Whether no daemon has changes to commit. May leave the candidate of the daemon that reported changes, to find out.
  bool have_nothing_to_commit(Output& out);
  // False: at least one daemon has uncommitted changes and keeps them.
  bool leave(ipc::LeaveConfiguration how, Output& out);

 private:
  bool leave_one(std::size_t daemon, ipc::LeaveConfiguration how, Output& out);

  Daemons& daemons_;
  unsigned losses_ = 0;            // lost connections when the candidates were opened
  std::set<std::size_t> changed_;  // daemons whose candidate has changes
  bool unconfirmed_ = false;       // this session has made a commit that it must confirm
};

bool is_commit(std::string_view line);

}  // namespace tandem::vtysh

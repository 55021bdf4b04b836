// SPDX-License-Identifier: Apache-2.0
// The candidates that the daemons keep for this session (`configure private|exclusive`): one in each daemon, opened
// and left together. A daemon that loses the connection forgets its candidate.
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

  void handle_opened();  // all daemons have opened one
  void handle_answer(std::size_t daemon, const ipc::Done& done);
  void handle_command(std::string_view canonical);  // which has succeeded
  void forget() { changed_.clear(); }

  // Whether a connection was lost since handle_opened(), and a candidate with it.
  bool are_lost() const;
  // What was lost, for the operator: lines that begin with "% ".
  void report_loss(Output& out);

  // Whether no daemon has anything to commit. May leave the candidate of the one that reported changes, to find out.
  bool have_nothing_to_commit(Output& out);
  // False: at least one daemon has changes that are not committed, and keeps them.
  bool leave(ipc::LeaveConfiguration how, Output& out);

 private:
  bool leave_one(std::size_t daemon, ipc::LeaveConfiguration how, Output& out);

  Daemons& daemons_;
  unsigned losses_ = 0;            // of connections, when the candidates were opened
  std::set<std::size_t> changed_;  // daemons whose candidate has changes
  bool unconfirmed_ = false;       // this session has committed something that it has to confirm
};

bool is_commit(std::string_view line);

}  // namespace tandem::vtysh

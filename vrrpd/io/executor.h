// SPDX-License-Identifier: Apache-2.0
// Carries out operations on Linux: rtnetlink in batches, sysctls, the state file. On whatever thread, one at a time.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "lib/log/log.h"
#include "lib/netlink/socket.h"
#include "vrrpd/io/job.h"
#include "vrrpd/io/state_file.h"
#include "vrrpd/io/sysctls.h"

namespace tandem::vrrpd::io {

class Executor {
 public:
  struct Parts {
    log::Logger& logger;
    netlink::RequestSocket& socket;
    SysctlTree& sysctls;
    StateFile& state_file;
  };
  // Takes up what the state file has of a run that crashed, as far as the interfaces still exist.
  Executor(Parts parts, const InterfaceTable& table, Memory& memory);

  // In order, whatever fails; one result for each. A macvlan that cannot be prepared is not set up either.
  std::vector<base::Result<>> execute(std::span<const Job> jobs);
  // What an adopted macvlan is to have when it is given back.
  void remember(base::IfIndex index, const Original& original);
  // An interface is gone, and with it everything that was to be restored on it.
  void forget(base::IfIndex index);
  void save();  // takes milliseconds: at the end

 private:
  void execute_alike(std::span<const Job> jobs, std::vector<base::Result<>>& results);
  base::Result<> carry_out(const Job& job, const base::Result<>& requested);
  base::Result<> finish(const Job& job);
  base::Result<> guard(const GuardParent& operation, const std::string& name);
  base::Result<> give_back(const ReturnDevice& operation, const std::string& name);
  void remember_originals(std::span<const Job> jobs);
  std::string remember(const Job& job);
  void report(const base::Result<>& saved);
  std::vector<Sysctls::Change> guard_changes(const GuardParent& operation, const std::string& name) const;
  void tell_healed(const HealSettings& operation, const std::string& name);

  Parts parts_;
  Sysctls sysctls_;
  SavedState saved_;
  std::set<base::IfIndex> unsafe_;  // could not be prepared in this run of execute(): must not come up
  bool save_failed_ = false;        // and that is in the log
};

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
// Carries out operations on Linux: rtnetlink in batches, sysctls, the state file. On whatever thread, one at a time.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lib/log/log.h"
#include "lib/netlink/socket.h"
#include "lib/os/sysctl_changes.h"
#include "vrrpd/io/job.h"
#include "vrrpd/io/kernel_state.h"
#include "vrrpd/io/saved_state.h"

namespace tandem::vrrpd::io {

class Executor {
 public:
  struct Dependencies {
    log::Logger& logger;
    netlink::RequestSocket& socket;
    os::SysctlTree& sysctls;
    os::StateFile& state_file;
  };
  // Takes up what the state file has of a run that crashed, as far as the interfaces still exist.
  Executor(Dependencies dependencies, const InterfaceTable& table, KernelState& kernel_state);

  // Executes the jobs in order, also after one that has failed. Returns one result for each. A macvlan that cannot be
  // prepared is not set up either. `between`, if given, is called before each job, and may call execute() for others:
  // without it, jobs of one kind share a system call.
  using Between = std::function<void()>;
  std::vector<base::Result<>> execute(std::span<const Job> jobs, const Between& between = nullptr);
  // What an adopted macvlan is to have when it is given back.
  void remember(base::IfIndex index, const Original& original);
  // An interface is gone, and with it everything that was to be restored on it.
  void forget(base::IfIndex index);
  void save();  // takes milliseconds: at the end

 private:
  struct Run {
    std::set<base::IfIndex> unprepared;  // could not be prepared: must not come up
    std::vector<base::Result<>> results;
  };

  void execute_alike(std::span<const Job> jobs, Run& run);
  base::Result<> carry_out(const Job& job, const base::Result<>& requested);
  base::Result<> finish(const Job& job);
  base::Result<> guard(const GuardParent& operation, const std::string& name);
  base::Result<> give_back(const ReturnDevice& operation, const std::string& name);
  void remember_originals(std::span<const Job> jobs);
  std::string remember(const Job& job);
  void report(const base::Result<>& saved);
  std::vector<os::SysctlChange> guard_changes(const GuardParent& operation, const std::string& name) const;
  void tell_healed(const HealSettings& operation, const std::string& name);

  Dependencies dependencies_;
  os::SysctlChanges sysctls_;
  SavedState saved_;
  bool save_failed_ = false;  // and that is in the log
};

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
// Carries out operations on Linux: rtnetlink in batches, sysctls, the state file.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "lib/log/log.h"
#include "lib/netlink/socket.h"
#include "vrrpd/io/builder.h"
#include "vrrpd/io/kernel.h"
#include "vrrpd/io/renewals.h"
#include "vrrpd/io/state_file.h"
#include "vrrpd/io/sysctls.h"

namespace tandem::vrrpd::io {

class Executor final : public Kernel {
 public:
  struct Parts {
    log::Logger& logger;
    netlink::RequestSocket& socket;
    SysctlTree& sysctls;
    StateFile& state_file;
    Builder& builder;
    Renewals& renewals;
  };
  // Takes up what the state file has of a run that crashed.
  Executor(Parts parts, const InterfaceTable& table, Memory& memory);

  // A macvlan that cannot be prepared is not set up either.
  std::vector<base::Result<>> execute(std::span<const Task> tasks) override;
  void begin(std::span<const Task> tasks) override;
  void remember(base::IfIndex index, const Original& original) override;
  void forget(base::IfIndex index) override;
  void save();  // takes milliseconds: at the end

 private:
  void execute_alike(std::span<const Task> tasks, std::vector<base::Result<>>& results);
  base::Result<> carry_out(const Operation& operation, const base::Result<>& requested);
  base::Result<> finish(const Operation& operation);
  base::Result<> guard(const GuardParent& operation);
  base::Result<> give_back(base::IfIndex index);
  void remember_originals(std::span<const Task> tasks);
  std::string remember(const Operation& operation);
  void report(const base::Result<>& saved);
  std::vector<Sysctls::Change> guard_changes(const GuardParent& operation) const;
  std::string name_of(base::IfIndex index) const;

  Parts parts_;
  Sysctls sysctls_;
  const InterfaceTable& table_;
  const Memory& memory_;
  SavedState saved_;
  std::set<base::IfIndex> unsafe_;  // could not be prepared in this run of execute(): must not come up
  bool save_failed_ = false;        // and that is in the log
};

}  // namespace tandem::vrrpd::io

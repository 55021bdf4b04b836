// SPDX-License-Identifier: Apache-2.0
// Carries out what reconcile.h says: rtnetlink in batches, sysctls, the state file.
#pragma once

#include <functional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "lib/log/log.h"
#include "lib/netlink/socket.h"
#include "vrrpd/io/reconcile.h"
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
  // Takes up what the state file has of a run that crashed.
  Executor(Parts parts, InterfaceTable& table, Memory& memory);

  enum class Outcome { done, some_failed };
  // In order, whatever fails. What succeeds is noted in the memory; of the table only addresses that were added are
  // entered, because the kernel reports those of IPv6 a little later.
  Outcome execute(std::span<const Operation> operations);

  // An interface is gone, and with it everything that was to be restored on it.
  void forget(base::IfIndex index);
  void save();
  // Errors are logged once until this is called.
  void forget_errors() { reported_.clear(); }
  template <const log::Message& M, class... Args>
  void report(const Args&... args);

 private:
  Outcome execute_alike(std::span<const Operation> operations);
  base::Result<> carry_out(const Operation& operation, base::Result<> requested);
  base::Result<> finish(const Operation& operation);
  enum class Remaining { after_netlink, all };
  base::Result<> prepare(const PrepareDevice& prepare, Remaining remaining);
  base::Result<> guard(base::IfIndex index);
  base::Result<> give_back(base::IfIndex index);
  base::Result<> set_ipv6(base::IfIndex index, Memory::Ipv6 state);
  void remember_originals(std::span<const Operation> operations);
  std::vector<Sysctls::Change> guard_changes(base::IfIndex index) const;
  bool is_foreign(base::IfIndex index) const { return memory_.adopted.contains(index); }
  std::string name_of(base::IfIndex index) const;
  std::string object_of(const Operation& operation) const;

  Parts parts_;
  Sysctls sysctls_;
  InterfaceTable& table_;
  Memory& memory_;
  SavedState saved_;
  std::set<std::string> reported_;
  std::set<base::IfIndex> unsafe_;  // could not be prepared in this run of execute(): must not come up
};

template <const log::Message& M, class... Args>
void Executor::report(const Args&... args) {
  if (reported_.insert(fmt::format(fmt::runtime(M.text), args...)).second) {
    parts_.logger.template write<M>(args...);
  }
}

}  // namespace tandem::vrrpd::io

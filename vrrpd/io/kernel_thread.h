// SPDX-License-Identifier: Apache-2.0
// Linux, changed by a thread of its own. A change takes the kernel some 20 µs, and any time if another program on the
// machine holds its lock for all changes of interfaces (RTNL): the caller waits for the one, not for the other.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "lib/log/log.h"
#include "lib/log/relay.h"
#include "lib/netlink/socket.h"
#include "vrrpd/io/background.h"
#include "vrrpd/io/builder.h"
#include "vrrpd/io/executor.h"
#include "vrrpd/io/kernel.h"
#include "vrrpd/io/lowering.h"
#include "vrrpd/io/renewals.h"
#include "vrrpd/io/rewriter.h"

namespace tandem::vrrpd::io {

class KernelThread final : public Kernel {
 public:
  using Results = std::vector<base::Result<>>;
  struct Parts {
    event::Loop& loop;
    log::Logger& logger;  // of the loop's thread
    StateFile& state_file;
    Builder& builder;
    Renewals& renewals;
    Lowering& lowering;
    Rewriter& rewriter;
  };
  // `on_executed` runs from the loop, with what execute() had no results of.
  static base::Result<std::unique_ptr<KernelThread>> open(Parts parts, const InterfaceTable& table, Memory& memory,
                                                          std::function<void(Results)> on_executed);

  std::optional<Results> execute(std::span<const Task> tasks) override;
  void begin(std::span<const Task> tasks) override;
  void remember(base::IfIndex index, const Original& original) override;
  void forget(base::IfIndex index) override;

  // From now on nothing runs aside and execute() has results at once. Waits for what is under way: its results, if
  // on_executed() is to come, which then does not.
  std::optional<Results> come_back();
  void save();  // takes milliseconds: at the end

 private:
  struct Piece {
    std::function<void(Executor&)> run;
    std::shared_ptr<Results> results;  // that a caller waits for, or none
  };
  struct Nothing {};

  KernelThread(Parts parts, netlink::RequestSocket socket, const InterfaceTable& table, Memory& memory,
               std::function<void(Results)> on_executed);
  std::vector<Job> jobs_for(std::span<const Task> tasks) const;
  void deliver(log::OwnedRecord record);
  void do_aside(std::function<void(Executor&)> run);
  void on_done(const Piece& piece);

  Parts parts_;
  const InterfaceTable& table_;
  netlink::RequestSocket socket_;
  std::unique_ptr<SysctlTree> sysctls_ = proc_sysctl_tree();
  std::thread::id loops_thread_ = std::this_thread::get_id();
  log::Logger logger_;  // of the executor, wherever it runs
  std::optional<Executor> executor_;
  std::function<void(Results)> on_executed_;
  std::shared_ptr<Results> executing_;  // to be told to on_executed_
  bool aside_ = true;
  Background<Piece, Nothing> thread_;
};

}  // namespace tandem::vrrpd::io

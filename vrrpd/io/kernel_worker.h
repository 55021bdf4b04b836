// SPDX-License-Identifier: Apache-2.0
// Changes the kernel's interfaces, on one thread, the most urgent change first (decision 0041). A change takes the
// kernel some 20 µs, and any time while another program holds the lock for all changes of interfaces (RTNL). The loop
// waits for urgent changes, but for kExecutionTimeout at most.
//
// Deleting macvlans is not for this thread (deletion.h): it sleeps without holding RTNL.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "lib/event/worker.h"
#include "lib/log/log.h"
#include "lib/log/relay.h"
#include "lib/netlink/socket.h"
#include "vrrpd/io/executor.h"
#include "vrrpd/io/kernel.h"
#include "vrrpd/io/rewriter.h"

namespace tandem::vrrpd::io {

class KernelWorker final : public Kernel {
 public:
  // What changes are for, the most urgent first. It is their rank in the worker's queue.
  enum class Purpose {
    change,  // addresses are released or claimed, or something else that a router waits for
    renew,   // leases of addresses
    build,   // macvlans that no router uses yet
    lower,   // a macvlan that no Master uses any more is set down
  };
  using Results = std::vector<base::Result<>>;
  // From the loop: take_completed() has something new. The notifications of what was done are in the monitor's queue.
  using OnCompleted = std::function<void()>;
  struct Dependencies {
    event::Loop& loop;
    log::Logger& logger;  // of the loop's thread
    os::StateFile& state_file;
    Rewriter& rewriter;
  };
  static base::Result<std::unique_ptr<KernelWorker>> open(Dependencies dependencies, const InterfaceTable& table,
                                                          KernelState& kernel_state, OnCompleted on_completed);
  ~KernelWorker() override { worker_.stop(); }

  std::optional<Results> execute(std::span<const Task> tasks) override;
  void build(std::span<const Task> tasks) override;
  void remember(base::IfIndex index, const Original& original) override;
  void forget(base::IfIndex index) override;

  // In pieces, of which each completes. execute() drops what has not begun: it would bring back addresses that are
  // released. So it does with lower(), which would set down a macvlan that is claimed.
  void renew(std::span<const AddAddress> due);
  void lower(base::IfIndex macvlan);
  // How many pieces of work have not completed yet and were not dropped.
  std::size_t under_way(Purpose purpose) const { return lane(purpose).under_way; }
  // What has completed since the last call, in that order, without the results that execute() has returned.
  struct Completed {
    Purpose purpose;
    Results results;
  };
  std::vector<Completed> take_completed() { return std::exchange(completed_, {}); }

  // From now on the caller's thread executes changes, and execute() always returns results. Waits for what is under
  // way, and returns the results of an execute() that has returned none, unless take_completed() has; nothing completes
  // any more.
  std::optional<Results> execute_without_thread();
  void save();  // the state file; takes milliseconds: at the end

 private:
  struct Lane {
    std::size_t under_way = 0;
    std::uint64_t run = 0;  // what belongs to an earlier one was dropped
  };

  KernelWorker(Dependencies dependencies, netlink::RequestSocket socket, const InterfaceTable& table,
               KernelState& kernel_state, OnCompleted on_completed);
  std::vector<Job> jobs_for(std::span<const Task> tasks) const;
  void deliver(log::OwnedRecord record);
  void post(Purpose purpose, std::vector<Job> jobs);
  void complete(Purpose purpose, Results results);
  void drop(Purpose purpose);
  void update_state_file(std::function<void(Executor&)> update);
  Lane& lane(Purpose purpose) { return lanes_.at(static_cast<std::size_t>(purpose)); }
  const Lane& lane(Purpose purpose) const { return lanes_.at(static_cast<std::size_t>(purpose)); }

  Dependencies dependencies_;
  const InterfaceTable& table_;
  netlink::RequestSocket socket_;
  std::unique_ptr<os::SysctlTree> sysctls_ = os::proc_sysctl_tree();
  std::thread::id loops_thread_ = std::this_thread::get_id();
  log::Logger logger_;  // of the executor, on either thread
  std::optional<Executor> executor_;
  OnCompleted on_completed_;
  std::vector<Completed> completed_;
  std::shared_ptr<Results> executing_;  // of an execute() that has returned no results yet
  std::array<Lane, event::Worker::kRanks> lanes_;
  bool without_thread_ = false;
  event::Worker worker_;
};

}  // namespace tandem::vrrpd::io

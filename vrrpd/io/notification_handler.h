// SPDX-License-Identifier: Apache-2.0
// Takes up what the kernel reports: in the table, as work for whatever it may have changed, and as news for the daemon.
#pragma once

#include "vrrpd/io/kernel.h"
#include "vrrpd/io/pending_deletions.h"
#include "vrrpd/io/work_scheduler.h"

namespace tandem::vrrpd::io {

class NotificationHandler {
 public:
  struct Dependencies {
    Kernel& kernel;
    InterfaceTable& table;
    KernelState& kernel_state;
    const DesiredState& desired;
    const StepsUnderWay& steps;
    WorkScheduler& scheduler;
    PendingDeletions& pending_deletions;
    DeviceChanges& changes;
  };
  explicit NotificationHandler(Dependencies dependencies) : dependencies_(dependencies) {}

  void handle(const netlink::Event& event);

 private:
  void on_link(const netlink::LinkChanged& event);
  void on_foreign_link(const netlink::Link& link, const std::optional<netlink::Link>& before);
  void on_link_removed(base::IfIndex index);
  void on_address(base::IfIndex interface, const netlink::Event& event);
  void on_foreign_address(const netlink::Link& link, const netlink::Event& event);
  void tell_ports_of(base::IfIndex vrf);
  void follow(const netlink::Link& link, const netlink::Event& event);

  Dependencies dependencies_;
};

}  // namespace tandem::vrrpd::io

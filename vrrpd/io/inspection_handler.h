// SPDX-License-Identifier: Apache-2.0
// What is to be inspected, and what follows from an inspection (inspection.h): what differs is set again, as work like
// any other.
#pragma once

#include <set>
#include <string>

#include "lib/log/log.h"
#include "vrrpd/io/inspection.h"
#include "vrrpd/io/instances.h"
#include "vrrpd/io/work_scheduler.h"

namespace tandem::vrrpd::io {

class InspectionHandler {
 public:
  struct Dependencies {
    log::Logger& logger;
    const InterfaceTable& table;
    KernelState& kernel_state;
    const DesiredState& desired;
    const StepsUnderWay& steps;
    WorkScheduler& scheduler;
  };
  explicit InspectionHandler(Dependencies dependencies) : dependencies_(dependencies) {}

  InspectionOrder order();
  // The report on the last order().
  void handle(const InspectionReport& report);
  // An operation has changed the interface: what an inspection that was ordered before says of it is outdated.
  void note_changed(base::IfIndex index) { changed_.insert(index); }

  // What keeps the kernel from answering for IPv4 addresses, in the settings of all interfaces; empty: nothing does.
  const std::string& obstacle() const { return obstacle_; }

 private:
  void note_obstacle(const std::string& obstacle);
  void note_instances(const InspectionReport& report);
  void note_deviating(const InspectionReport& report);
  bool is_current(base::IfIndex index) const;
  void guard_again(base::IfIndex parent);

  Dependencies dependencies_;
  std::set<base::IfIndex> changed_;  // since order()
  Absences absences_;
  std::string obstacle_;
};

}  // namespace tandem::vrrpd::io

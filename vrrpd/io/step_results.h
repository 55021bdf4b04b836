// SPDX-License-Identifier: Apache-2.0
// Takes up what has become of a step: in the table and the KernelState, in the outcomes of its routers, and in the work
// that is left.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/log/log.h"
#include "vrrpd/io/inspection_handler.h"
#include "vrrpd/io/outcomes.h"
#include "vrrpd/io/pending_deletions.h"
#include "vrrpd/io/step.h"

namespace tandem::vrrpd::io {

class StepResults {
 public:
  struct Dependencies {
    log::Logger& logger;
    InterfaceTable& table;
    KernelState& kernel_state;
    DesiredState& desired;
    WorkScheduler& scheduler;
    PendingDeletions& pending_deletions;
    InspectionHandler& inspections;
    Outcomes& outcomes;
  };
  explicit StepResults(Dependencies dependencies) : dependencies_(dependencies) {}

  // Of a step that was executed just now. It is in the table before the kernel's notifications are heard, which then say
  // nothing new.
  void take_at_once(Step step, const std::vector<base::Result<>>& results);
  // Of a step that was executed meanwhile. The table knows already what was done, and what else has happened since. A
  // router that is not wanted any more, or somewhere else by now, is left out.
  void take_late(Step step, const std::vector<base::Result<>>& results);

 private:
  void note_done(const Task& task);
  void note_unreported(const Operation& done);
  void note_failure(const Task& task, const base::Error& error, Step& step);

  Dependencies dependencies_;
  std::set<std::string> logged_;  // failures of what belongs to no router
};

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
// The steps that the kernel has been given and has not returned the results of: at most one that takes long
// (Kernel::execute()), and build steps (Kernel::build()). Pure.
#pragma once

#include <deque>
#include <optional>
#include <set>

#include "lib/netlink/messages.h"
#include "vrrpd/io/step.h"
#include "vrrpd/io/work_queue.h"

namespace tandem::vrrpd::io {

class StepsUnderWay {
 public:
  // Precondition: is_executing() is false.
  void execute(Step step) { executing_ = std::move(step); }
  bool is_executing() const { return executing_.has_value(); }
  // Whether the step that takes long changes the interface; or may lead to that event of it.
  bool is_executing(base::IfIndex device) const;
  bool is_executing(base::IfIndex device, const netlink::Event& event) const;
  Step take_executed();  // precondition: is_executing()

  void build(Step step);
  bool is_being_built(const DesiredState::Key& macvlan) const { return built_.contains(macvlan); }
  // This router is to be compared again after the next take_built().
  void wait_for_build(core::RouterId id) { waiting_.insert(id); }
  Step take_built();  // the oldest; precondition: there is one
  std::set<core::RouterId> take_waiting() { return std::exchange(waiting_, {}); }

  // `minimum`, and while kBuildSteps are under way that of renewals: then nothing more is built, so that what is most
  // urgent is next.
  Urgency limited(Urgency minimum) const;

  void clear();

 private:
  std::optional<Step> executing_;
  std::deque<Step> builds_;
  std::set<DesiredState::Key> built_;  // macvlans in builds_
  std::set<core::RouterId> waiting_;
};

}  // namespace tandem::vrrpd::io

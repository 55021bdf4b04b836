// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/steps_under_way.h"

#include <algorithm>
#include <utility>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

bool StepsUnderWay::is_executing(base::IfIndex device) const {
  return executing_ && std::any_of(executing_->tasks.begin(), executing_->tasks.end(),
                                   [&](const Task& task) { return device_of(task.operation) == device; });
}

bool StepsUnderWay::is_executing(base::IfIndex device, const netlink::Event& event) const {
  return executing_ && std::any_of(executing_->tasks.begin(), executing_->tasks.end(), [&](const Task& task) {
           return device_of(task.operation) == device && changes_address(task.operation, event);
         });
}

Step StepsUnderWay::take_executed() { return *std::exchange(executing_, std::nullopt); }

void StepsUnderWay::build(Step step) {
  for (const auto& [id, key] : step.routers) {
    built_.insert(key);
  }
  builds_.push_back(std::move(step));
}

Step StepsUnderWay::take_built() {
  Step step = std::move(builds_.front());
  builds_.pop_front();
  for (const auto& [id, key] : step.routers) {
    built_.erase(key);
  }
  return step;
}

Urgency StepsUnderWay::limited(Urgency minimum) const {
  return builds_.size() < kBuildSteps ? minimum : std::min(minimum, Urgency::renew);
}

void StepsUnderWay::clear() { *this = {}; }

}  // namespace tandem::vrrpd::io

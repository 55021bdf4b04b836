// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/step.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

void Step::add(core::RouterId id, DesiredState::Key key, std::vector<Operation> operations) {
  routers.emplace(id, std::move(key));
  for (Operation& operation : operations) {
    tasks.push_back({id, std::move(operation)});
  }
}

std::chrono::microseconds Step::cost() const {
  return std::accumulate(tasks.begin(), tasks.end(), std::chrono::microseconds{0},
                         [](auto sum, const Task& task) { return sum + cost_of(task.operation); });
}

void Step::sort() {
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const Task& a, const Task& b) { return a.operation.index() < b.operation.index(); });
}

std::vector<base::IfIndex> Step::shorten() {
  std::vector<base::IfIndex> left;
  sort();
  while (tasks.size() > kMaxOperationsPerStep) {
    const Task& last = tasks.back();
    if (last.router != kNoRouter) {
      unfinished.insert(last.router);
    } else {
      left.push_back(device_of(last.operation));
    }
    tasks.pop_back();
  }
  return left;
}

}  // namespace tandem::vrrpd::io

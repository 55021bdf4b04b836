// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/step_results.h"

#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {

void StepResults::take_at_once(Step step, const std::vector<base::Result<>>& results) {
  for (std::size_t i = 0; i < step.tasks.size(); ++i) {
    const Task& task = step.tasks[i];
    if (!results[i]) {
      note_failure(task, results[i].error(), step);
      continue;
    }
    note_done(task);
    step.advanced.insert(task.router);
    note(task.operation, dependencies_.table);
    if (const Interface* const changed = dependencies_.table.find(device_of(task.operation))) {
      dependencies_.pending_deletions.note(changed->link);
    }
  }
  for (const auto& [id, key] : step.routers) {
    const auto failure = step.failures.find(id);
    // What is refused keeps nothing else from being done.
    if (step.unfinished.contains(id) && (failure == step.failures.end() || step.advanced.contains(id))) {
      dependencies_.scheduler.go_on_with(id);
    } else if (failure != step.failures.end()) {
      dependencies_.outcomes.settle(id, {Outcome::State::refused, failure->second});
    } else if (!dependencies_.scheduler.is_deferred(router_item(id)) &&
               dependencies_.desired.device_of(id) != base::kNoInterface) {
      dependencies_.outcomes.settle(id, {Outcome::State::in_place});
    }
    // else: created, and its notification leads here again
  }
}

void StepResults::take_late(Step step, const std::vector<base::Result<>>& results) {
  std::erase_if(step.routers, [this](const auto& router) {
    const DesiredState::Entry* const entry = dependencies_.desired.find(router.first);
    return entry == nullptr || DesiredState::key_of(entry->desired) != router.second;
  });
  for (std::size_t i = 0; i < step.tasks.size(); ++i) {
    const Task& task = step.tasks[i];
    if (results[i]) {
      const base::IfIndex index = device_of(task.operation);
      step.advanced.insert(task.router);
      if (index == base::kNoInterface || dependencies_.table.find(index) != nullptr) {
        note_done(task);
        note_unreported(task.operation);
      }
    } else if (task.router == kNoRouter || step.routers.contains(task.router)) {
      note_failure(task, results[i].error(), step);
    }
  }
  for (const auto& [id, key] : step.routers) {
    const auto failure = step.failures.find(id);
    const bool goes_on = step.unfinished.contains(id) && step.advanced.contains(id);
    if (failure != step.failures.end() && !goes_on) {
      dependencies_.outcomes.settle(id, {Outcome::State::refused, failure->second});
    } else if (!dependencies_.scheduler.is_deferred(router_item(id))) {
      dependencies_.scheduler.go_on_with(id);
    }
  }
}

void StepResults::note_done(const Task& task) {
  dependencies_.kernel_state.note(task.operation);
  dependencies_.inspections.note_changed(device_of(task.operation));
  if (const auto* created = std::get_if<CreateDevice>(&task.operation)) {
    dependencies_.logger.write<kCreated>(created->macvlan.name);
  }
}

// The kernel does not report these changes of a link that is down.
void StepResults::note_unreported(const Operation& done) {
  const bool unreported = std::holds_alternative<SetProtodown>(done) || std::holds_alternative<SetGroup>(done) ||
                          std::holds_alternative<SetMode>(done);
  const base::IfIndex index = device_of(done);
  const Interface* const macvlan = unreported ? dependencies_.table.find(index) : nullptr;
  if (macvlan != nullptr && !macvlan->link.admin_up) {
    note(done, dependencies_.table);
    dependencies_.pending_deletions.note(dependencies_.table.find(index)->link);
  }
}

void StepResults::note_failure(const Task& task, const base::Error& error, Step& step) {
  if (was_overtaken(task.operation, error.code)) {
    if (task.router != kNoRouter) {
      dependencies_.scheduler.defer(router_item(task.router));
    }
    return;
  }
  const std::string reason = fmt::format("cannot {}: {}", describe(task.operation, dependencies_.table), error.message);
  if (task.router != kNoRouter) {
    step.failures.emplace(task.router, reason);
    return;
  }
  const bool parent = std::holds_alternative<ReleaseParent>(task.operation);
  const base::IfIndex index = device_of(task.operation);
  dependencies_.scheduler.defer_refused(parent ? parent_item(index) : device_item(index));
  if (logged_.insert(reason).second) {
    dependencies_.logger.write<kOperationFailed>(reason);
  }
}

}  // namespace tandem::vrrpd::io

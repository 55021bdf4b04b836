// SPDX-License-Identifier: Apache-2.0
// Steps: executed now, or built by the kernel worker.
#include <algorithm>
#include <numeric>
#include <optional>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/messages.h"
#include "vrrpd/io/reconciler.h"

namespace tandem::vrrpd::io {

std::chrono::microseconds Reconciler::Step::cost() const {
  return std::accumulate(tasks.begin(), tasks.end(), std::chrono::microseconds{0},
                         [](auto sum, const Task& task) { return sum + cost_of(task.operation); });
}

void Reconciler::Step::add(core::RouterId id, Key key, std::vector<Operation> operations) {
  routers.emplace(id, std::move(key));
  for (Operation& operation : operations) {
    tasks.push_back({id, std::move(operation)});
  }
}

// While kBuildSteps are under way nothing is built: the most urgent work is to be next.
Urgency Reconciler::limited(Urgency minimum) const {
  return under_way_.size() < kBuildSteps ? minimum : std::min(minimum, Urgency::renew);
}

void Reconciler::step(Urgency minimum) {
  Round round;
  for (std::size_t items = 0; items < kItemsPerStep && round.now.cost() < kStep && round.build.cost() < kBuildStep;
       ++items) {
    const std::optional<WorkItem> item = queue_.take(limited(minimum));
    if (!item) {
      break;
    }
    plan(*item, round);
  }
  carry_out(std::move(round.now));
  build(std::move(round.build));
}

void Reconciler::plan(WorkItem item, Round& round) {
  switch (item.kind) {
    case WorkItem::Kind::router:
      return plan_router(core::RouterId{item.number}, round);
    case WorkItem::Kind::device:
      return plan_device(base::IfIndex{item.number}, round.now);
    case WorkItem::Kind::parent:
      return plan_parent(base::IfIndex{item.number}, round.now);
  }
}

void Reconciler::plan_router(core::RouterId id, Round& round) {
  Entry& entry = entries_.at(id);
  const DesiredDevice& desired = entry.desired;
  if (in_use_.contains(key_of(desired))) {
    waiting_.insert(id);
    return;
  }
  RouterPlan plan = io::plan_router(desired, dependencies_.table, dependencies_.kernel_state, lease_);
  entry.serves_none = plan.serves_none;
  switch (plan.verdict) {
    case RouterPlan::Verdict::no_parent:
    case RouterPlan::Verdict::no_macvlan:
      return settle(id, {Outcome::State::no_parent});
    case RouterPlan::Verdict::refused:
      return settle(id, {Outcome::State::refused, std::move(plan.reason), plan.lasting});
    case RouterPlan::Verdict::blocked:
      deferred_.insert(router_item(id));
      entry.outcome.reason = std::move(plan.reason);
      return;
    case RouterPlan::Verdict::possible:
      break;
  }
  if (plan.operations.empty()) {
    const auto state = plan.reason.empty() ? Outcome::State::in_place : Outcome::State::refused;
    return settle(id, {state, std::move(plan.reason)});
  }
  Step& step = is_building(desired, plan.operations) ? round.build : round.now;
  if (!plan.reason.empty()) {
    step.failures.emplace(id, std::move(plan.reason));
  }
  step.add(id, key_of(desired), std::move(plan.operations));
}

bool Reconciler::is_building(const DesiredDevice& desired, const std::vector<Operation>& operations) const {
  return !desired.claimed && std::all_of(operations.begin(), operations.end(), [this](const Operation& operation) {
    return io::is_building(operation, dependencies_.kernel_state);
  });
}

void Reconciler::plan_device(base::IfIndex index, Step& step) {
  const Interface* const macvlan = dependencies_.table.find(index);
  if (macvlan == nullptr) {
    return;
  }
  const core::RouterId user = user_of(macvlan->link);
  if (user != kNoRouter && device_of(user) == index) {
    return;  // wanted after all, and on the queue as such
  }
  for (Operation& operation : plan_giving_up(*macvlan, dependencies_.kernel_state)) {
    step.tasks.push_back({kNoRouter, std::move(operation)});
  }
}

void Reconciler::plan_parent(base::IfIndex index, Step& step) {
  const Interface* const parent = dependencies_.table.find(index);
  const KernelState& kernel_state = dependencies_.kernel_state;
  const bool guarded = kernel_state.guarded.contains(index) || kernel_state.guarded_ipv6.contains(index) ||
                       kernel_state.left_guarded.contains(index);
  if (guarded && (parent == nullptr || !has_router(parent->link.name))) {
    step.tasks.push_back({kNoRouter, ReleaseParent{index}});
  }
}

// The order of the variant's alternatives is the order of execution; within one the routers keep theirs.
void Reconciler::sort(Step& step) {
  std::stable_sort(step.tasks.begin(), step.tasks.end(),
                   [](const Task& a, const Task& b) { return a.operation.index() < b.operation.index(); });
}

void Reconciler::shorten(Step& step) {
  sort(step);
  while (step.tasks.size() > kMaxOperationsPerStep) {
    const Task& last = step.tasks.back();
    if (last.router != kNoRouter) {
      step.unfinished.insert(last.router);
    } else {
      queue_.add(device_item(io::device_of(last.operation)), Urgency::release);
    }
    step.tasks.pop_back();
  }
}

void Reconciler::carry_out(Step step) {
  if (step.tasks.empty()) {
    return;
  }
  shorten(step);
  note_adopted(step);
  if (const auto results = dependencies_.kernel.execute(step.tasks)) {
    note_carried_out(step, *results);
  } else {
    executing_ = std::move(step);
  }
}

// What a macvlan was like is known from now on: its addresses may be heard to go before there are results, and the
// router that wanted it may want it no longer by then.
void Reconciler::note_adopted(const Step& step) {
  for (const Task& task : step.tasks) {
    if (std::holds_alternative<AdoptDevice>(task.operation)) {
      dependencies_.kernel_state.note(task.operation);
    }
  }
}

// Just now: it is in the table before the kernel's notifications are heard, which then say nothing new.
void Reconciler::note_carried_out(Step& step, const std::vector<base::Result<>>& results) {
  for (std::size_t i = 0; i < step.tasks.size(); ++i) {
    const Task& task = step.tasks[i];
    if (!results[i]) {
      note_failure(task, results[i].error(), step);
      continue;
    }
    note_done(task);
    step.advanced.insert(task.router);
    note(task.operation, dependencies_.table);
    if (const Interface* const changed = dependencies_.table.find(io::device_of(task.operation))) {
      note_group(changed->link);
    }
  }
  settle_step(step);
}

void Reconciler::settle_step(const Step& step) {
  for (const auto& [id, key] : step.routers) {
    const auto failure = step.failures.find(id);
    // What is refused keeps nothing else from being done.
    if (step.unfinished.contains(id) && (failure == step.failures.end() || step.advanced.contains(id))) {
      enter(id);
    } else if (failure != step.failures.end()) {
      settle(id, {Outcome::State::refused, failure->second});
    } else if (!deferred_.contains(router_item(id)) && device_of(id) != base::kNoInterface) {
      settle(id, {Outcome::State::in_place});
    }
    // else: created, and its notification leads here again
  }
}

void Reconciler::build(Step step) {
  if (step.tasks.empty()) {
    return;
  }
  sort(step);
  for (const auto& [id, key] : step.routers) {
    in_use_.insert(key);
  }
  dependencies_.kernel.build(step.tasks);
  under_way_.push_back(std::move(step));
}

void Reconciler::on_built(const std::vector<base::Result<>>& results) {
  Step step = std::move(under_way_.front());
  under_way_.pop_front();
  for (const auto& [id, key] : step.routers) {
    in_use_.erase(key);
  }
  finish(std::move(step), results);
  for (const core::RouterId id : std::exchange(waiting_, {})) {
    if (entries_.contains(id)) {
      enqueue_again(id);
    }
  }
}

void Reconciler::on_executed(const std::vector<base::Result<>>& results) {
  finish(*std::exchange(executing_, std::nullopt), results);
}

bool Reconciler::is_executing(base::IfIndex device) const {
  return executing_ && std::any_of(executing_->tasks.begin(), executing_->tasks.end(),
                                   [&](const Task& task) { return io::device_of(task.operation) == device; });
}

bool Reconciler::is_executing(base::IfIndex device, const netlink::Event& event) const {
  return executing_ && std::any_of(executing_->tasks.begin(), executing_->tasks.end(), [&](const Task& task) {
           return io::device_of(task.operation) == device && changes_address(task.operation, event);
         });
}

// The table knows already what was done, and what else has happened since: nothing is noted there. A router that is not
// wanted any more, or somewhere else by now, is no concern of this step.
void Reconciler::finish(Step step, const std::vector<base::Result<>>& results) {
  std::erase_if(step.routers, [this](const auto& router) {
    const auto entry = entries_.find(router.first);
    return entry == entries_.end() || key_of(entry->second.desired) != router.second;
  });
  for (std::size_t i = 0; i < step.tasks.size(); ++i) {
    const Task& task = step.tasks[i];
    if (results[i]) {
      const base::IfIndex index = io::device_of(task.operation);
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
      settle(id, {Outcome::State::refused, failure->second});
    } else if (!deferred_.contains(router_item(id))) {
      enter(id);
    }
  }
}

// The kernel does not report these changes of a link that is down.
void Reconciler::note_unreported(const Operation& done) {
  const bool unreported = std::holds_alternative<SetProtodown>(done) || std::holds_alternative<SetGroup>(done) ||
                          std::holds_alternative<SetMode>(done);
  const base::IfIndex index = io::device_of(done);
  const Interface* const macvlan = unreported ? dependencies_.table.find(index) : nullptr;
  if (macvlan != nullptr && !macvlan->link.admin_up) {
    note(done, dependencies_.table);
    note_group(dependencies_.table.find(index)->link);
  }
}

void Reconciler::note_done(const Task& task) {
  dependencies_.kernel_state.note(task.operation);
  touched_.insert(io::device_of(task.operation));
  if (const auto* created = std::get_if<CreateDevice>(&task.operation)) {
    dependencies_.logger.write<kCreated>(created->macvlan.name);
  }
}

void Reconciler::note_failure(const Task& task, const base::Error& error, Step& step) {
  const std::string reason = fmt::format("cannot {}: {}", describe(task.operation, dependencies_.table), error.message);
  if (was_overtaken(task.operation, error.code)) {
    if (task.router != kNoRouter) {
      deferred_.insert(router_item(task.router));
    }
    return;
  }
  if (task.router != kNoRouter) {
    step.failures.emplace(task.router, reason);
    return;
  }
  const bool parent = std::holds_alternative<ReleaseParent>(task.operation);
  const base::IfIndex index = io::device_of(task.operation);
  note_refused(parent ? parent_item(index) : device_item(index));
  if (logged_.insert(reason).second) {
    dependencies_.logger.write<kOperationFailed>(reason);
  }
}

// What of its addresses it has, and has not.
void Reconciler::complete(Outcome& outcome, const Entry& entry, const Interface* macvlan) {
  constexpr std::size_t kNamed = 4;
  if (!entry.desired.claimed) {
    outcome.serves_none = entry.serves_none;
    return;
  }
  std::vector<std::string> missing;
  for (const base::IpPrefix& wanted : entry.desired.addresses) {
    if (macvlan == nullptr || !macvlan->link.admin_up ||
        std::none_of(macvlan->addresses.begin(), macvlan->addresses.end(),
                     [&](const auto& address) { return address.prefix == wanted; })) {
      missing.push_back(wanted.address.to_string());
    }
  }
  outcome.serves_none = missing.size() == entry.desired.addresses.size();
  if (missing.size() > 1 && !outcome.serves_none) {
    const std::size_t more = missing.size() - std::min(missing.size(), kNamed);
    missing.resize(missing.size() - more);
    outcome.reason += fmt::format("; missing are {}{}", fmt::join(missing, ", "),
                                  more == 0 ? std::string() : fmt::format(" and {} more", more));
  }
}

void Reconciler::settle(core::RouterId id, Outcome outcome) {
  Entry& entry = entries_.at(id);
  if (outcome.state == Outcome::State::refused) {
    complete(outcome, entry, device(entry.desired));
  }
  note_unused(entry.desired);
  if (outcome.state == Outcome::State::refused) {
    note_refused(router_item(id));
    if (entry.logged != outcome.reason) {
      dependencies_.logger.write<kRefused>(entry.desired.vrid.value(), entry.desired.interface,
                                           base::to_string(entry.desired.family), outcome.reason);
      entry.logged = outcome.reason;
    }
  } else if (outcome.state == Outcome::State::in_place) {
    entry.logged.clear();
  }
  if (entry.outcome != outcome) {  // it is the same when a lease was renewed
    entry.outcome = std::move(outcome);
    changes_.routers.insert(id);
  }
}

void Reconciler::note_unused(const DesiredDevice& desired) {
  const Interface* const macvlan = device(desired);
  if (!desired.claimed && macvlan != nullptr && macvlan->link.admin_up) {
    unused_.insert(macvlan->link.index);
  }
}

bool Reconciler::is_unused(base::IfIndex index) const {
  const Interface* const macvlan = dependencies_.table.find(index);
  const core::RouterId user = macvlan == nullptr ? kNoRouter : user_of(macvlan->link);
  if (user == kNoRouter || !macvlan->link.admin_up || !macvlan->addresses.empty()) {
    return false;
  }
  const Entry& entry = entries_.at(user);
  return !entry.desired.claimed && entry.outcome.settled();
}

std::optional<base::IfIndex> Reconciler::next_unused() {
  std::erase_if(unused_, [this](base::IfIndex index) { return !is_unused(index); });
  return unused_.empty() ? std::nullopt : std::optional(*unused_.begin());
}

}  // namespace tandem::vrrpd::io

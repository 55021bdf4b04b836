// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/runtime.h"

#include <algorithm>
#include <utility>

namespace tandem::vrrpd::daemon {

base::Result<std::unique_ptr<Runtime>> Runtime::open(event::Loop& loop, log::Logger& logger, Checkpoint& checkpoint,
                                                     const Options& options) {
  auto sender = TANDEM_TRY(net::Sender::open(logger, options.packet_socket));
  std::unique_ptr<Runtime> runtime(new Runtime(loop, logger, checkpoint, std::move(sender)));
  runtime->context_.devices = TANDEM_TRY(
      io::Devices::open(loop, logger, options.devices,
                        [self = runtime.get()](const io::DeviceChanges& changes) { self->on_changes(changes); }));
  runtime->executor_.use_devices();
  io::DeviceChanges all;
  all.all_interfaces = true;
  runtime->watch_.follow_links(all, event::monotonic_now());
  return runtime;
}

Runtime::Runtime(event::Loop& loop, log::Logger& logger, Checkpoint& checkpoint, std::unique_ptr<net::Sender> sender)
    : context_(loop, logger, checkpoint),
      watch_(context_, [this](core::RouterId id) { on_unserved(id); }),
      explanations_(context_, watch_),
      executor_(context_, explanations_, std::move(sender)),
      receiver_(context_, {.on_batch = [this] { carry_out(); },
                           .on_deaf = [this](core::RouterId id) { lifecycle_.refresh(id, event::monotonic_now()); }}),
      lifecycle_({context_, watch_, explanations_, executor_, receiver_}),
      settlements_(context_),
      heartbeat_(context_),
      timer_(loop, [this] { on_timer(); }) {}

void Runtime::stop() {
  explanations_.stop_tests();
  const base::TimePoint now = event::monotonic_now();
  for (const auto& [key, id] : context_.routers.ids()) {
    context_.engine.handle(id, core::StopRequested{}, now, context_.actions);
  }
  carry_out();
  context_.engine.stop_recording();
  context_.devices->release_all();
}

// ---- configuration

void Runtime::apply(std::span<const config::Change> changes) {
  const base::TimePoint now = event::monotonic_now();
  for (const config::Change& what : changes) {
    context_.log.planned(what);
    lifecycle_.apply(what, now);
  }
  carry_out();  // priority 0 and releases of what ended, before it is forgotten
  lifecycle_.forget_removed();
}

void Runtime::start() {
  context_.devices->start();
  explanations_.start_tests();
}

// ---- going on after another worker

void Runtime::resume() {
  if (!context_.checkpoint.configuration()) {
    return;
  }
  lifecycle_.resume(config::plan({}, *context_.checkpoint.configuration()), event::monotonic_now());
  context_.checkpoint.forget_others();
  start();
  carry_out();
}

// ---- the kernel's interfaces

void Runtime::on_changes(const io::DeviceChanges& changes) {
  const base::TimePoint now = event::monotonic_now();
  watch_.follow_links(changes, now);
  for (const base::IfIndex interface : changes.ipv6_disturbed) {
    receiver_.join_again(interface);
  }
  if (changes.all_interfaces) {
    receiver_.join_again();
    for (const auto& [key, id] : context_.routers.ids()) {
      lifecycle_.refresh(id, now);
    }
  } else {
    for (const std::string& name : changes.interfaces) {
      for (const core::RouterId id : context_.routers.on_interface(name)) {
        watch_.pardon(id);
        lifecycle_.refresh(id, now);
      }
    }
  }
  for (const core::RouterId id : changes.routers) {
    watch_.judge_service(id, now);
    lifecycle_.refresh(id, now);
    executor_.announce(id);
  }
  settlements_.note(changes.routers.size(), now);
  carry_out();
  report_filter_input(changes);
  settlements_.look();
  if (changes.foreign_macvlans && foreign_macvlans_changed_) {
    foreign_macvlans_changed_();
  }
}

// Not for every mastership: those come by the hundred, and the filter does not go by them.
void Runtime::report_filter_input(const io::DeviceChanges& changes) const {
  const auto refused = [this](core::RouterId id) {
    return context_.devices->outcome(id).state == io::Outcome::State::refused;
  };
  if (tell_filter_input_ && (changes.all_interfaces || !changes.interfaces.empty() ||
                             std::any_of(changes.routers.begin(), changes.routers.end(), refused))) {
    tell_filter_input_();
  }
}

void Runtime::on_unserved(core::RouterId id) {
  const RouterEntry* const entry = context_.routers.look_up(id);
  if (entry != nullptr && entry->router != nullptr) {
    lifecycle_.refresh(id, event::monotonic_now());
    carry_out();
  }
}

// ---- turns

void Runtime::on_timer() {
  const base::TimePoint now = event::monotonic_now();
  wakeups_.woken(now);
  context_.engine.advance(now, context_.actions);
  carry_out();
}

void Runtime::carry_out() {
  save_touched();
  executor_.carry_out(context_.actions);
  receiver_.tell_expectations(context_.actions);
  context_.actions.clear();
  if (const auto deadline = context_.engine.next_deadline()) {
    timer_.set(wakeups_.wake_at(*deadline));
  } else {
    timer_.cancel();
  }
}

// Before anything is done: a worker that dies while doing it has begun it.
void Runtime::save_touched() {
  std::vector<core::RouterId>& touched = context_.touched;
  for (const core::Action& action : context_.actions) {
    touched.push_back(action.router);
  }
  std::sort(touched.begin(), touched.end());
  touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
  const base::TimePoint now = event::monotonic_now();
  for (const core::RouterId id : touched) {
    RouterEntry* const entry = context_.routers.look_up(id);
    if (entry == nullptr || entry->router == nullptr) {
      continue;
    }
    heartbeat_.follow(*entry->router);
    executor_.save(*entry);
    explanations_.follow(id, *entry, now);
  }
  explanations_.set_timer();
  touched.clear();
}

// ---- recording

void Runtime::start_recording(std::function<bool(std::string text)> take) {
  context_.engine.record(
      {.take = std::move(take), .name_of = [this](core::RouterId id) { return name_of(context_.routers.at(id).key); }},
      event::monotonic_now());
}

void Runtime::include_in_recording(std::span<const config::RouterKey> routers) {
  std::vector<core::RouterId> ids;
  for (const config::RouterKey& key : routers) {
    if (const auto id = context_.routers.find(key)) {
      ids.push_back(*id);
    }
  }
  context_.engine.include(ids, event::monotonic_now());
}

}  // namespace tandem::vrrpd::daemon

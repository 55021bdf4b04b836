// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/router_lifecycle.h"

#include <utility>

namespace tandem::vrrpd::daemon {

RouterLifecycle::RouterLifecycle(const Parts& parts)
    : context_(parts.context),
      watch_(parts.watch),
      explanations_(parts.explanations),
      executor_(parts.executor),
      receiver_(parts.receiver) {}

void RouterLifecycle::apply(const config::Change& what, base::TimePoint now) {
  std::visit([&](const auto& each) { change(each, now); }, what);
}

void RouterLifecycle::change(const config::RemoveRouter& change, base::TimePoint now) {
  const core::RouterId id = context_.routers.find(change.key).value();
  context_.engine.remove(id, now, context_.actions);
  context_.routers.retire(id);
  removed_.push_back(id);
}

void RouterLifecycle::forget_removed() {
  for (const core::RouterId id : removed_) {
    executor_.forget(id);
    context_.devices->forget(id);
    receiver_.listen(id, std::nullopt);
    if (const auto place = context_.routers.at(id).place) {
      context_.checkpoint.remove(*place);
    }
    context_.log.forget(id);
    explanations_.forget(id);
    watch_.pardon(id);
    context_.routers.erase(id);
  }
  removed_.clear();
}

void RouterLifecycle::change(const config::AddRouter& change, base::TimePoint now) {
  const core::RouterId id = enter(change);
  executor_.drop_resignations(id);
  executor_.want_device(id, false);
  context_.engine.add(id, config::router_config(change.group, change.key.family), watch_.status_of(id), now,
                      context_.actions);
  context_.routers.at(id).router = context_.engine.find(id);
  context_.touched.push_back(id);
  refresh(id, now);
}

core::RouterId RouterLifecycle::enter(const config::AddRouter& change) {
  RouterEntry entry{.key = change.key,
                    .router_advertisement = advertised_by(change.key, change.group),
                    .prefixes = {},
                    .place = context_.checkpoint.add(change.key)};
  configure(entry, change.group);
  const core::RouterId id = context_.routers.add(std::move(entry));
  context_.routers.at(id).past = &context_.log.add(id);
  return id;
}

void RouterLifecycle::change(const config::ChangeRouter& change, base::TimePoint now) {
  const core::RouterId id = context_.routers.find(change.key).value();
  RouterEntry& entry = context_.routers.at(id);
  const bool status_changes = configure(entry, change.group);
  entry.refused_before = context_.devices->outcome(id).state == io::Outcome::State::refused;
  watch_.pardon(id);
  const core::RouterConfig config = config::router_config(change.group, change.key.family);
  context_.engine.handle(id, core::Configured{config}, now, context_.actions);
  receiver_.expect_anew(entry);
  context_.touched.push_back(id);
  // Also of a Backup: what the kernel would refuse to its Master is refused now.
  executor_.want_device(id, entry.router->state() == core::State::master);
  executor_.refresh_router_advertisements(id, change.group);
  if (status_changes) {
    refresh(id, now);
  }
}

// ---- going on after another worker

void RouterLifecycle::resume(std::span<const config::Change> plan, base::TimePoint now) {
  watch_.recall_links(plan, now);
  for (const config::Change& what : plan) {
    if (const auto* added = std::get_if<config::AddRouter>(&what)) {
      resume(*added, now);
    } else {
      apply(what, now);
    }
  }
}

void RouterLifecycle::resume(const config::AddRouter& added, base::TimePoint now) {
  const core::RouterConfig config = config::router_config(added.group, added.key.family);
  const auto memory = context_.checkpoint.memory_of(added.key, config.advertisement_interval, now);
  core::InterfaceStatus status = watch_.status_in(added.key, added.group.vrf);
  status.counts_from = watch_.counts_from(added.key, config::startup_delay_of(added.group));
  const bool possible = status.up && status.primary && status.device_ready && !config.shutdown;
  if (!memory || memory->state == core::State::initialize || memory->stopping || !possible) {
    change(added, now);
    return;
  }
  const Checkpoint::Past past = context_.checkpoint.past_of(added.key);
  const core::RouterId id = enter(added);
  context_.log.resume(id, past.since);
  const bool master = memory->state == core::State::master;
  context_.engine.resume(id, config, status, *memory);
  context_.engine.set_statistics(id, past.statistics);
  RouterEntry& entry = context_.routers.at(id);
  entry.router = context_.engine.find(id);
  executor_.want_device(id, master);
  context_.touched.push_back(id);
  refresh(id, now);
  if (!master) {
    executor_.drop_resignations(id);
    return;
  }
  executor_.refresh_router_advertisements(id, added.group);
  const io::Interface& device = *context_.interfaces().find(context_.devices->device_of(id));
  if (device.addresses.size() < config.addresses->size()) {  // the former worker did not get that far
    entry.to_announce.push_back(config.addresses);
  }
}

// ---- interfaces

void RouterLifecycle::refresh(core::RouterId id, base::TimePoint now) {
  RouterEntry& entry = context_.routers.at(id);
  core::InterfaceStatus status = watch_.status_of(id);
  const io::Interface* const interface = context_.interfaces().find(entry.key.interface);
  entry.parent = interface == nullptr ? std::nullopt : std::optional(interface->link.index);
  entry.link = watch_.link_of(entry.key.interface);
  const bool hears = interface != nullptr && (entry.key.family == core::Family::ipv4 || status.primary);
  receiver_.listen(
      id, hears ? std::optional(io::Receiver::Where{interface->link.index, entry.key.interface, entry.key.family})
                : std::nullopt);
  status.device_ready = status.device_ready && !entry.deaf;  // it would hear no Master, and become one
  if (status != entry.router->interface_status()) {
    context_.log.interface_changed(entry.key, status);
    context_.engine.handle(id, core::InterfaceChanged{std::move(status)}, now, context_.actions);
    context_.touched.push_back(id);
  }
}

}  // namespace tandem::vrrpd::daemon

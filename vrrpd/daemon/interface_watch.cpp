// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/interface_watch.h"

#include <utility>

#include "lib/event/boot.h"

namespace tandem::vrrpd::daemon {

InterfaceWatch::InterfaceWatch(RuntimeContext& context, Unserved::Changed changed)
    : context_(context), unserved_(context.loop, context.logger, std::move(changed)), booted_(event::boot()) {}

bool is_ready(const Readiness& readiness, const io::Outcome& outcome) {
  if (outcome.lasting) {
    return false;
  }
  if (!outcome.settled()) {
    return readiness.before;
  }
  // A Backup that could have none of its addresses may not be Master, and neither may one that had none when it was.
  const bool can_serve = !readiness.out_of_election && (readiness.is_master || !outcome.serves_none);
  return readiness.reported && can_serve;
}

core::InterfaceStatus InterfaceWatch::status_of(core::RouterId id) const {
  const RouterEntry& entry = context_.routers.at(id);
  core::InterfaceStatus status = status_in(entry.key, entry.vrf);
  status.counts_from = counts_from(entry.key, entry.startup_delay);
  status.device_ready = is_ready({.reported = status.device_ready,
                                  .before = entry.router != nullptr && entry.router->interface_status().device_ready,
                                  .is_master = entry.router != nullptr && entry.router->state() == core::State::master,
                                  .out_of_election = unserved_.is_out(id)},
                                 context_.devices->outcome(id));
  return status;
}

core::InterfaceStatus InterfaceWatch::status_in(const config::RouterKey& key, std::string_view vrf) const {
  const io::InterfaceTable& interfaces = context_.interfaces();
  core::InterfaceStatus status = io::status_of(interfaces, key.interface, key.vrid, key.family);
  if (status.present && !netlink::is_in_vrf(interfaces.reported(), key.interface, vrf)) {
    status = {};
    status.present = true;
    status.other_vrf = true;
  }
  return status;
}

void InterfaceWatch::judge_service(core::RouterId id, base::TimePoint now) {
  const io::Outcome& outcome = context_.devices->outcome(id);
  const RouterEntry& entry = context_.routers.at(id);
  if (!outcome.settled() || entry.router == nullptr || entry.router->state() != core::State::master) {
    return;
  }
  if (outcome.serves_none) {
    unserved_.failed({.id = id, .name = name_of(entry.key), .reason = outcome.reason}, now);
  } else {
    unserved_.pardon(id);
  }
}

void InterfaceWatch::follow_links(const io::DeviceChanges& changes, base::TimePoint now) {
  const io::InterfaceTable& interfaces = context_.interfaces();
  if (changes.all_interfaces) {
    for (const auto& [index, interface] : interfaces.all()) {
      link_times_.look(interface.link, now);
    }
    return;
  }
  for (const std::string& name : changes.interfaces) {
    if (const io::Interface* const interface = interfaces.find(name)) {
      link_times_.look(interface->link, now);
    }
  }
}

void InterfaceWatch::recall_links(std::span<const config::Change> added, base::TimePoint now) {
  link_times_.resume();
  for (const config::Change& what : added) {
    const auto* const router = std::get_if<config::AddRouter>(&what);
    const io::Interface* const interface =
        router == nullptr ? nullptr : context_.interfaces().find(router->key.interface);
    if (interface != nullptr && context_.checkpoint.knows(router->key)) {
      link_times_.recall(interface->link.index, context_.checkpoint.past_of(router->key).link, now);
    }
  }
}

checkpoint::LinkUp InterfaceWatch::link_of(const std::string& name) const {
  const io::Interface* const interface = context_.interfaces().find(name);
  return interface == nullptr ? checkpoint::LinkUp() : link_times_.of(interface->link.index);
}

base::TimePoint InterfaceWatch::counts_from(const config::RouterKey& key, const config::StartupDelay& delay) const {
  return delay.after_boot ? booted_ : link_of(key.interface).since;
}

}  // namespace tandem::vrrpd::daemon

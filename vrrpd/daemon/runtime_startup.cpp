// SPDX-License-Identifier: Apache-2.0
// What the startup delay counts from (doc/decisions/0039).
#include <algorithm>

#include "vrrpd/daemon/runtime.h"

namespace tandem::vrrpd::daemon {

void Runtime::look_at_links(const io::DeviceChanges& changes, base::TimePoint now) {
  const io::InterfaceTable& interfaces = devices_->interfaces();
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

// Of what the former worker has left, before its virtual routers go on.
void Runtime::recall_links(std::span<const config::Change> added, base::TimePoint now) {
  link_times_.resume();
  for (const config::Change& what : added) {
    const auto* const router = std::get_if<config::AddRouter>(&what);
    const io::Interface* const interface =
        router == nullptr ? nullptr : devices_->interfaces().find(router->key.interface);
    if (interface != nullptr && checkpoint_.knows(router->key)) {
      link_times_.recall(interface->link.index, checkpoint_.past_of(router->key).link, now);
    }
  }
}

checkpoint::LinkUp Runtime::link_of(const std::string& name) const {
  const io::Interface* const interface = devices_->interfaces().find(name);
  return interface == nullptr ? checkpoint::LinkUp() : link_times_.of(interface->link.index);
}

void Runtime::log_startup_delay(core::RouterId id, bool held, base::TimePoint now) {
  const core::Router* const router = engine_.find(id);
  if (router == nullptr) {
    return;
  }
  if (const auto until = router->held_until(); held && until) {
    journal_.held_back(id, entries_.at(id).key, *until - now);
  } else if (!held) {
    journal_.startup_delay_over(id, entries_.at(id).key);
  }
}

base::TimePoint Runtime::counts_from(const config::RouterKey& key, const config::StartupDelay& delay) const {
  return delay.after_boot ? booted_ : link_of(key.interface).since;
}

}  // namespace tandem::vrrpd::daemon

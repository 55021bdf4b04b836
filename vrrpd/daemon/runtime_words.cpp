// SPDX-License-Identifier: Apache-2.0
// Why a virtual router is in Initialize, in words: the core's reason, and what only the kernel's side knows of it.
#include <algorithm>

#include "vrrpd/daemon/messages.h"
#include "vrrpd/daemon/runtime.h"

namespace tandem::vrrpd::daemon {
namespace {

// The link-local address that could be the source of adverts, were it not another host's too.
std::string duplicate_address(const io::InterfaceTable& interfaces, const std::string& name) {
  const io::Interface* const interface = interfaces.find(name);
  if (interface == nullptr) {
    return {};
  }
  const auto found = std::ranges::find_if(interface->addresses, [](const netlink::Address& address) {
    return address.duplicate && address.prefix.address.is_link_local();
  });
  return found == interface->addresses.end()
             ? std::string()
             : fmt::format("the link-local address {} of interface {} is a duplicate: another host on the link has it",
                           found->prefix.address.to_string(), name);
}

std::string other_name(const io::InterfaceTable& interfaces, const std::string& name) {
  const io::Interface* const interface = interfaces.find_by_altname(name);
  return interface == nullptr ? std::string()
                              : fmt::format("interface {} does not exist: it is another name of {}, configure that",
                                            name, interface->link.name);
}

}  // namespace

std::string Runtime::hindrance(core::RouterId id) const {
  const config::RouterKey& key = entries_.at(id).key;
  switch (engine_.find(id)->initialize_reason()) {
    case core::InitializeReason::no_device:
      if (entries_.at(id).deaf) {
        return fmt::format("cannot listen for advertisements on {}", key.interface);
      }
      return devices_->outcome(id).reason.empty() ? unserved_.reason(id) : devices_->outcome(id).reason;
    case core::InitializeReason::no_interface:
      return other_name(devices_->interfaces(), key.interface);
    case core::InitializeReason::no_primary_address:
      return key.family == core::Family::ipv6 ? duplicate_address(devices_->interfaces(), key.interface)
                                              : std::string();
    case core::InitializeReason::none:
    case core::InitializeReason::shutdown:
    case core::InitializeReason::stopping:
    case core::InitializeReason::removed:
    case core::InitializeReason::interface_down:
    case core::InitializeReason::no_virtual_addresses:
    case core::InitializeReason::other_vrf:
      break;
  }
  return {};
}

// Of a router that takes part in the election: what keeps one in Initialize is the reason of that.
std::vector<std::string> Runtime::warnings(core::RouterId id) const {
  if (engine_.find(id)->state() == core::State::initialize) {
    return {};
  }
  std::vector<std::string> warnings;
  if (const io::Outcome& outcome = devices_->outcome(id); outcome.state == io::Outcome::State::refused) {
    warnings.push_back(outcome.reason);
  }
  if (entries_.at(id).key.family == core::Family::ipv4 && !devices_->obstacle().empty()) {
    warnings.push_back("sysctl " + devices_->obstacle());
  }
  for (std::string words : {unanswered_words(id), station_words(id)}) {
    if (!words.empty()) {
      warnings.push_back(std::move(words));
    }
  }
  return warnings;
}

// Of a router of this turn, before its transitions are logged. Returns whether the timer has to be set anew.
bool Runtime::note_standstill(core::RouterId id, Entry& entry, base::TimePoint now) {
  const bool stands_still = entry.router->state() == core::State::initialize;
  const bool stood_still = std::exchange(entry.stands_still, stands_still);
  if (stands_still) {
    standstill_.note(id, now);
  } else if (stood_still) {
    standstill_.forget(id);
  }
  return stands_still || stood_still;
}

void Runtime::set_standstill_timer() {
  if (const auto deadline = standstill_.deadline()) {
    standstill_timer_.set(*deadline);
  } else {
    standstill_timer_.cancel();
  }
}

void Runtime::report_standstill() {
  const base::TimePoint now = event::monotonic_now();
  for (const core::RouterId id : standstill_.take_due(now)) {
    const core::Router* const router = engine_.find(id);
    if (router == nullptr || router->initialize_reason() == core::InitializeReason::none ||
        router->initialize_reason() == core::InitializeReason::stopping) {
      continue;
    }
    const config::RouterKey& key = entries_.at(id).key;
    std::string reason = hindrance(id);
    if (reason.empty()) {
      reason = core::describe(router->initialize_reason(), key.interface);
    }
    if (standstill_.say(id, reason, now)) {
      journal_.stands_still(key, reason);
    }
  }
  set_standstill_timer();
}

}  // namespace tandem::vrrpd::daemon

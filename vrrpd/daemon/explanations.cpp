// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/explanations.h"

#include <algorithm>
#include <utility>

#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/messages.h"
#include "vrrpd/io/names.h"

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

Explanations::Explanations(RuntimeContext& context, const InterfaceWatch& watch)
    : context_(context),
      watch_(watch),
      reasons_({.delay = kStandstillDelay, .interval = kStandstillInterval}),
      timer_(context.loop, [this] { report(); }),
      self_tester_(context.loop, context.logger, self_test_handlers()) {}

void Explanations::start_tests() { self_tester_.start(context_.devices->background()); }

std::string Explanations::hindrance(core::RouterId id) const {
  const RouterEntry& entry = context_.routers.at(id);
  const config::RouterKey& key = entry.key;
  switch (entry.router->initialize_reason()) {
    case core::InitializeReason::no_device:
      if (entry.deaf) {
        return fmt::format("cannot listen for advertisements on {}", key.interface);
      }
      return context_.devices->outcome(id).reason.empty() ? watch_.reason_out(id)
                                                          : context_.devices->outcome(id).reason;
    case core::InitializeReason::no_interface:
      return other_name(context_.interfaces(), key.interface);
    case core::InitializeReason::no_primary_address:
      return key.family == core::Family::ipv6 ? duplicate_address(context_.interfaces(), key.interface) : std::string();
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
std::vector<std::string> Explanations::warnings(core::RouterId id) const {
  const RouterEntry& entry = context_.routers.at(id);
  if (entry.router->state() == core::State::initialize) {
    return {};
  }
  std::vector<std::string> warnings;
  if (const io::Outcome& outcome = context_.devices->outcome(id); outcome.state == io::Outcome::State::refused) {
    warnings.push_back(outcome.reason);
  }
  if (entry.key.family == core::Family::ipv4 && !context_.devices->obstacle().empty()) {
    warnings.push_back("sysctl " + context_.devices->obstacle());
  }
  for (std::string words : {unanswered_words(id), station_words(id)}) {
    if (!words.empty()) {
      warnings.push_back(std::move(words));
    }
  }
  return warnings;
}

std::string Explanations::device_name(const config::RouterKey& key) const {
  const io::Interface* const parent = context_.interfaces().find(key.interface);
  if (parent == nullptr) {
    return {};
  }
  const io::Interface* const device =
      context_.interfaces().macvlan(parent->link.index, packet::virtual_mac(key.vrid, key.family));
  return device == nullptr ? io::device_name(parent->link.name, key.vrid, key.family) : device->link.name;
}

// ---- routers that stay in Initialize

void Explanations::follow(core::RouterId id, RouterEntry& entry, base::TimePoint now) {
  const bool stands_still = entry.router->state() == core::State::initialize;
  const bool stood_still = std::exchange(entry.stands_still, stands_still);
  if (stands_still) {
    reasons_.note(id, now);
  } else if (stood_still) {
    reasons_.forget(id);
  }
  reasons_changed_ |= stands_still || stood_still;
}

void Explanations::forget(core::RouterId id) {
  reasons_.forget(id);
  self_tester_.end(id);
}

void Explanations::set_timer() {
  if (!std::exchange(reasons_changed_, false)) {
    return;
  }
  if (const auto deadline = reasons_.deadline()) {
    timer_.set(*deadline);
  } else {
    timer_.cancel();
  }
}

void Explanations::report() {
  const base::TimePoint now = event::monotonic_now();
  for (const core::RouterId id : reasons_.take_due(now)) {
    const core::Router* const router = context_.engine.find(id);
    if (router == nullptr || router->initialize_reason() == core::InitializeReason::none ||
        router->initialize_reason() == core::InitializeReason::stopping) {
      continue;
    }
    const config::RouterKey& key = context_.routers.at(id).key;
    std::string reason = hindrance(id);
    if (reason.empty()) {
      reason = core::describe(router->initialize_reason(), key.interface);
    }
    if (reasons_.say(id, reason, now)) {
      context_.log.stands_still(key, reason);
    }
  }
  reasons_changed_ = true;
  set_timer();
}

}  // namespace tandem::vrrpd::daemon

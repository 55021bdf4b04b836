// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/words.h"

#include <fmt/format.h>

namespace tandem::vrrpd::mgmt {
namespace {

std::string reason_of_backup(const GroupView& group, const RouterView& router) {
  const unsigned startup_delay = startup_delay_seconds(router);
  if (!router.master) {
    return startup_delay == 0
               ? "no Master has been heard yet"
               : fmt::format("no Master has been heard yet, the startup delay ends in {} s", startup_delay);
  }
  const std::string address = router.master->address.to_string();
  if (router.master->priority == packet::kPriorityOwner) {
    return address + " owns the virtual addresses (priority 255)";
  }
  std::string text = fmt::format("{} has priority {}", address, router.master->priority);
  if (router.master->priority >= router.effective_priority) {
    return text;
  }
  if (startup_delay != 0) {
    return fmt::format("{}, the startup delay ends in {} s", text, startup_delay);
  }
  return text + (group.config.preempt ? ", the preempt delay is not over" : ", and preempt mode is off");
}

}  // namespace

std::string reason_of(const core::Transition& transition, std::string_view interface) {
  return transition.cause == core::Cause::initialize ? core::describe(transition.initialize_reason, interface)
                                                     : std::string(core::to_string(transition.cause));
}

std::string_view short_reason_of(core::InitializeReason reason) {
  switch (reason) {
    case core::InitializeReason::none:
      return "";
    case core::InitializeReason::shutdown:
      return "shutdown";
    case core::InitializeReason::stopping:
      return "vrrpd stops";
    case core::InitializeReason::removed:
      return "removed";
    case core::InitializeReason::no_interface:
      return "no interface";
    case core::InitializeReason::interface_down:
      return "interface down";
    case core::InitializeReason::no_primary_address:
      return "no primary address";
    case core::InitializeReason::no_virtual_addresses:
      return "no addresses";
    case core::InitializeReason::no_device:
      return "no macvlan";
    case core::InitializeReason::other_vrf:
      return "other VRF";
  }
  return "";
}

std::string_view short_reason_of(const core::Transition& transition) {
  switch (transition.cause) {
    case core::Cause::startup:
      return "startup";
    case core::Cause::owner:
      return "owns the addresses";
    case core::Cause::master_down:
      return "master is silent";
    case core::Cause::master_released:
      return "master resigned";
    case core::Cause::preempting:
      return "preempted master";
    case core::Cause::preempt_delay_over:
      return "preempt delay over";
    case core::Cause::higher_priority:
      return "higher priority";
    case core::Cause::equal_priority_higher_address:
      return "higher address";
    case core::Cause::initialize:
      return short_reason_of(transition.initialize_reason);
    case core::Cause::reconfigured:
      return "reconfigured";
  }
  return "";
}

std::string peer_of(const core::Transition& transition) {
  return transition.peer ? fmt::format(" ({}, priority {})", transition.peer->to_string(), transition.peer_priority)
                         : std::string();
}

std::string reason_of_initialize(const GroupView& group, const RouterView& router) {
  return router.hindrance.empty() ? core::describe(router.initialize_reason, group.interface) : router.hindrance;
}

std::string reason_of_state(const GroupView& group, const RouterView& router) {
  switch (router.state) {
    case core::State::initialize:
      return reason_of_initialize(group, router);
    case core::State::backup:
      return reason_of_backup(group, router);
    case core::State::master:
      break;
  }
  if (!router.last_transition) {
    return {};
  }
  const core::Transition& last = router.last_transition->transition;
  return reason_of(last, group.interface) + peer_of(last);
}

std::string name_of(std::string_view interface, core::Vrid vrid, core::Family family) {
  return fmt::format("vrrp {} on {} ({})", vrid.value(), interface, base::to_string(family));
}

}  // namespace tandem::vrrpd::mgmt

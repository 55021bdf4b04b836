// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/types.h"

#include <fmt/format.h>

namespace tandem::vrrpd::core {

std::string_view to_string(State state) {
  switch (state) {
    case State::initialize:
      return "Initialize";
    case State::backup:
      return "Backup";
    case State::master:
      return "Master";
  }
  return "unknown";
}

bool RouterConfig::operator==(const RouterConfig& other) const { return base::equal(*this, other); }

std::string_view to_string(Cause cause) {
  switch (cause) {
    case Cause::startup:
      return "startup";
    case Cause::owner:
      return "a virtual address is the interface's own";
    case Cause::master_down:
      return "master down interval expired";
    case Cause::master_released:
      return "master resigned";
    case Cause::preempting:
      return "preempting a master of lower priority";
    case Cause::preempt_delay_over:
      return "preempt delay is over";
    case Cause::higher_priority:
      return "higher priority advertisement received";
    case Cause::equal_priority_higher_address:
      return "advertisement of equal priority received from a higher address";
    case Cause::initialize:
      return "stopped";
    case Cause::reconfigured:
      return "configuration changed";
  }
  return "unknown";
}

std::string describe(InitializeReason reason, std::string_view interface_name) {
  switch (reason) {
    case InitializeReason::none:
      return "";
    case InitializeReason::shutdown:
      return "shutdown is configured";
    case InitializeReason::stopping:
      return "vrrpd is stopping";
    case InitializeReason::removed:
      return "it has been removed";
    case InitializeReason::no_interface:
      return fmt::format("interface {} does not exist", interface_name);
    case InitializeReason::interface_down:
      return fmt::format("interface {} is down", interface_name);
    case InitializeReason::no_primary_address:
      return fmt::format("interface {} has no address to send from", interface_name);
    case InitializeReason::no_virtual_addresses:
      return "no virtual addresses are configured";
    case InitializeReason::no_device:
      return fmt::format("the macvlan interface on {} is not ready", interface_name);
    case InitializeReason::other_vrf:
      return fmt::format("interface {} is not in the VRF that is configured for it", interface_name);
  }
  return "";
}

}  // namespace tandem::vrrpd::core

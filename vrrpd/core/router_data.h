// SPDX-License-Identifier: Apache-2.0
// What a virtual router has been told, what it remembers, and the values that follow from these. The states (initialize.h,
// backup.h, master.h) decide over it, and do not know each other; Router owns it and makes the transitions.
#pragma once

#include <optional>
#include <vector>

#include "vrrpd/core/saved_state.h"

namespace tandem::vrrpd::core {

struct RouterData {
  RouterData(RouterId router_id, RouterConfig configured, InterfaceStatus interface_status);

  RouterId id;
  RouterConfig config;
  std::vector<IpAddress> sorted_addresses{};  // of config, to compare lists in any order
  InterfaceStatus status;
  bool owner = false;  // the interface has a virtual address: the router owns them
  SavedState saved;
  Statistics statistics{};

  // A configuration of the same family and VRID.
  void adopt(const RouterConfig& next);
  void adopt(const InterfaceStatus& next);

  // 255 for the owner of the addresses (R8).
  std::uint8_t effective_priority() const { return owner ? packet::kPriorityOwner : config.priority; }
  // In force: learned from the Master in Backup (v3), else our own; zero in Initialize.
  Duration master_advertisement_interval() const;
  Duration current_skew_time() const;             // zero in Initialize
  Duration current_master_down_interval() const;  // zero in Initialize
  // The form of the checksum in our adverts of the configured version.
  packet::ChecksumForm checksum_sent() const;
  TimePoint startup_delay_end() const { return status.counts_from + config.startup_delay; }
  bool waits_for_startup_delay() const { return saved.startup.holds && !saved.startup.heard; }

 private:
  void refresh_owner();
};

}  // namespace tandem::vrrpd::core

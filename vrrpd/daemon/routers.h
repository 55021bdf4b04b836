// SPDX-License-Identifier: Apache-2.0
// The table of the virtual routers that there are: found by id, and by interface, VRID and family. Beside each router it
// keeps what the daemon knows of it. Holds data only. Used on the protocol's thread.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "vrrpd/config/plan.h"
#include "vrrpd/core/router.h"
#include "vrrpd/daemon/checkpoint.h"
#include "vrrpd/daemon/event_log.h"
#include "vrrpd/io/devices.h"
#include "vrrpd/io/receiver.h"

namespace tandem::vrrpd::daemon {

// What a frame with priority 0 was made of.
struct Resignation {
  base::IfIndex interface;
  core::SendAdvertisement send;
};

struct RouterEntry {
  config::RouterKey key;

  // As configured.
  std::optional<config::RouterAdvertisement> router_advertisement{};
  std::vector<base::IpPrefix> prefixes;  // of the macvlan of a Master
  config::StartupDelay startup_delay{};
  std::string vrf{};  // in which its interface has to be; empty: any
  io::DesiredDevice::Macvlan macvlan{};
  std::size_t advert_size = 0;  // bytes, of the IP packet

  // Read for each advert: kept here so that no advert looks it up.
  const core::Router* router = nullptr;  // owned by the engine; null after its removal
  const EventLog::Past* past = nullptr;  // owned by the event log
  std::optional<Checkpoint::Place> place{};
  std::optional<base::IfIndex> parent{};                     // index of its interface; none: there is no interface
  checkpoint::LinkUp link{};                                 // of that interface
  std::array<std::optional<Resignation>, 2> resignations{};  // of a Master, as in the checkpoint: version 3, version 2

  std::optional<io::Receiver::Where> listens{};  // the socket where its adverts arrive
  bool deaf = false;                             // that socket could not be opened
  std::vector<core::AddressList> to_announce{};  // as soon as the kernel owns them
  bool refused_before = false;                   // by the kernel, at its last change
  bool stands_still = false;                     // known to StandstillReporter
};

// Takes over what the configuration says of the router, except for its router advertisements. Returns whether the status
// of its interface may be another one for it.
bool configure(RouterEntry& entry, const config::Group& group);
// What the router is to tell hosts when it is Master. Only IPv6 has router advertisements.
std::optional<config::RouterAdvertisement> advertised_by(const config::RouterKey& key, const config::Group& group);

class Routers {
 public:
  // Precondition: there is no router of this key.
  core::RouterId add(RouterEntry entry);
  // The key is free from now on; the entry stays until erase(), for the last actions of the router.
  void retire(core::RouterId id);
  void erase(core::RouterId id) { entries_.erase(id); }

  std::optional<core::RouterId> find(const config::RouterKey& key) const;
  // Precondition: `id` is of add() and not erased.
  RouterEntry& at(core::RouterId id) { return entries_.at(id); }
  const RouterEntry& at(core::RouterId id) const { return entries_.at(id); }
  // Null if there is none (any more).
  RouterEntry* look_up(core::RouterId id);

  // Those that are not retired, in the order of their keys.
  const std::map<config::RouterKey, core::RouterId>& ids() const { return ids_; }
  std::vector<core::RouterId> on_interface(const std::string& name) const;

 private:
  std::map<config::RouterKey, core::RouterId> ids_;
  std::unordered_map<core::RouterId, RouterEntry> entries_;
  std::uint32_t next_id_ = 1;
};

}  // namespace tandem::vrrpd::daemon

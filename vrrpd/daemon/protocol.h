// SPDX-License-Identifier: Apache-2.0
// The management side's access to the protocol side. Each side has a thread and a loop. A function here is called on the
// management thread while the protocol's loop runs; it runs its work on the protocol's loop, in pieces so short that no advert
// waits for them, and returns when the work is done.
#pragma once

#include <set>
#include <span>
#include <string>
#include <vector>

#include "lib/event/loop.h"
#include "vrrpd/daemon/runtime.h"

namespace tandem::vrrpd::daemon {

class Protocol {
 public:
  // Keeps references. `on_progress` is called repeatedly, on the management thread, while a function waits for the protocol.
  Protocol(event::Loop& loop, Runtime& runtime, event::Handler on_progress)
      : loop_(loop), runtime_(runtime), on_progress_(std::move(on_progress)) {}

  // Applies the changes to the virtual routers, kChangesPerTurn in a turn of the protocol's loop.
  void apply(std::span<const config::Change> changes);
  // Waits until the kernel has executed the changes. Fails with the reason if the kernel refuses one, or if it settles no
  // router for kSettleLooks * kSettleLook. Does not wait for groups that follow from macvlans: they are not configured.
  base::Result<> await_settled(std::span<const config::Change> changes);
  // The startup configuration has been applied: from now on the kernel's interfaces follow.
  void start();

  // Fills in the state of the virtual routers. Precondition: each group has its interface and configuration.
  void view(std::span<mgmt::GroupView> groups) const;
  std::vector<mgmt::HistoryEntry> history(std::span<const config::RouterKey> routers) const;
  void clear_statistics(std::span<const config::RouterKey> routers);

  bool interface_exists(const std::string& name) const;
  std::vector<io::ForeignMacvlan> foreign_macvlans() const;
  std::vector<std::string> interface_names() const;  // without the macvlans of virtual routers
  std::vector<mgmt::InterfaceView> interfaces() const;
  // The real interfaces that have one of the addresses, as (interface, address).
  std::set<std::pair<std::string, base::IpAddress>> holders_of(const std::set<base::IpAddress>& addresses) const;
  // The macvlans of virtual routers, also those still to be made; without those whose interface does not exist.
  std::map<config::RouterKey, std::string> device_names(std::span<const config::RouterKey> routers) const;
  std::set<config::RouterKey> refused_of(
      std::span<const config::RouterKey> routers) const;  // by the kernel; or of another VRF
  void set_debug(std::set<config::DebugTopic> topics);

  // Passes a record of each event of the protocol to `take`, on the protocol's thread, until `take` returns false or the
  // recording is stopped. `routers`: all that exist.
  void start_recording(std::function<bool(std::string text)> take, std::span<const config::RouterKey> routers);
  void stop_recording();

 private:
  event::Loop& loop_;
  Runtime& runtime_;
  event::Handler on_progress_;
};

}  // namespace tandem::vrrpd::daemon

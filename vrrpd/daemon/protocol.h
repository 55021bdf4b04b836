// SPDX-License-Identifier: Apache-2.0
// The protocol side of the daemon as the management side sees it. Each side has a thread and a loop; this runs on the
// protocol's loop what the management side wants of it, in pieces so short that no advert waits for them, and returns
// when it is done. Every member is called on the management thread, while the protocol's loop runs.
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
  // Keeps references. `on_progress` is called now and then while management waits for the protocol.
  Protocol(event::Loop& loop, Runtime& runtime, event::Handler on_progress)
      : loop_(loop), runtime_(runtime), on_progress_(std::move(on_progress)) {}

  // Makes the virtual routers what the plan says. One piece is a few changes: those of one group are never torn apart
  // by more than adverts of others.
  void apply(std::span<const config::Change> changes);
  // Waits until the kernel has done what the changes ask of it. Fails if it refused one, with the reason, or if it does
  // nothing for long. A group that follows from macvlans is not configured and not waited for.
  base::Result<> await_settled(std::span<const config::Change> changes);
  // The startup configuration has been applied: from now on the kernel's interfaces follow.
  void start();

  // Fills in what the virtual routers of the groups (with their interface and configuration) are doing.
  void view(std::span<mgmt::GroupView> groups) const;
  std::vector<mgmt::HistoryEntry> history(std::span<const config::RouterKey> routers) const;
  void clear_statistics(std::span<const config::RouterKey> routers);

  bool interface_exists(const std::string& name) const;
  std::vector<io::ForeignMacvlan> foreign_macvlans() const;
  std::vector<std::string> interface_names() const;  // without the macvlans of virtual routers
  std::vector<mgmt::InterfaceView> interfaces() const;
  // Which real interfaces have which of the addresses, as (interface, address).
  std::set<std::pair<std::string, base::IpAddress>> holders_of(const std::set<base::IpAddress>& addresses) const;
  // The macvlans of virtual routers, also those still to be made; without those whose interface does not exist.
  std::map<config::RouterKey, std::string> device_names(std::span<const config::RouterKey> routers) const;
  std::set<config::RouterKey> refused_of(
      std::span<const config::RouterKey> routers) const;  // by the kernel; or of another VRF
  void set_debug(std::set<config::DebugTopic> topics);

  // Hands what the protocol is told to `take`, on the protocol's thread, until it returns false or the recording is
  // stopped. `routers` are those that there are.
  void start_recording(std::function<bool(std::string text)> take, std::span<const config::RouterKey> routers);
  void stop_recording();

 private:
  event::Loop& loop_;
  Runtime& runtime_;
  event::Handler on_progress_;
};

}  // namespace tandem::vrrpd::daemon

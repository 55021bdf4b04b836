// SPDX-License-Identifier: Apache-2.0
// The protocol side of the daemon: feeds the engine with packets, interface changes, configuration and time, and
// carries out its actions. Everything runs on the event loop's thread; each entry point ends with carry_out(), so no
// action outlives the turn that made it.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/config/plan.h"
#include "vrrpd/core/engine.h"
#include "vrrpd/daemon/journal.h"
#include "vrrpd/io/devices.h"
#include "vrrpd/io/receiver.h"
#include "vrrpd/io/sender.h"
#include "vrrpd/mgmt/operational.h"
#include "vrrpd/packet/frame.h"

namespace tandem::vrrpd::daemon {

class Runtime {
 public:
  // Opens what it needs of the kernel. Fails without CAP_NET_ADMIN and CAP_NET_RAW.
  static base::Result<std::unique_ptr<Runtime>> open(event::Loop& loop, log::Logger& logger,
                                                     io::DevicesOptions options);

  // Makes the virtual routers what the plan says, in one turn.
  void apply(const std::vector<config::Change>& changes);
  // Releases every mastership (priority 0), removes the macvlans, restores the sysctls.
  void stop();

  mgmt::RouterView view(const config::RouterKey& key, const config::Group& group) const;
  void clear_statistics(const config::RouterKey& key);
  const io::InterfaceTable& interfaces() const { return devices_->interfaces(); }
  void set_debug(std::set<config::DebugTopic> topics) { journal_.set_debug(std::move(topics)); }

 private:
  struct Entry {
    config::RouterKey key;
    std::vector<base::IpPrefix> prefixes;  // what a Master's macvlan carries
  };

  Runtime(event::Loop& loop, log::Logger& logger, std::unique_ptr<io::Sender> sender);

  void change(const config::RemoveRouter& change, base::TimePoint now);
  void change(const config::AddRouter& change, base::TimePoint now);
  void change(const config::ChangeRouter& change, base::TimePoint now);
  template <class Other>
  void change(const Other&, base::TimePoint) {}  // not the runtime's business

  void on_interfaces_changed();
  void on_packet(const io::ReceivedPacket& packet);
  void on_timer();

  core::InterfaceStatus status_of(const config::RouterKey& key) const;
  void want_device(core::RouterId id, bool claimed);
  void forget_removed();
  void start_added(base::TimePoint now);
  void refresh_statuses(base::TimePoint now);
  void refresh_listeners();

  void count_unattributed(const io::ReceivedPacket& packet);

  // Adverts, then ownership, then announcements (core/action.h); then the log; then the timer.
  void carry_out();
  void queue_advertisement(const core::Action& action, const core::SendAdvertisement& send);
  void queue_announcement(const core::Action& action, const core::Announce& announce);

  event::Loop& loop_;
  log::Logger& logger_;
  Journal journal_;
  std::unique_ptr<io::Devices> devices_;
  std::unique_ptr<io::Sender> sender_;
  io::Receiver receiver_;
  event::Timer timer_;

  core::Engine engine_;
  core::Actions actions_;
  std::map<config::RouterKey, core::RouterId> ids_;
  std::unordered_map<core::RouterId, Entry> entries_;
  std::unordered_map<std::uint64_t, core::RouterId> by_wire_;  // interface, family and VRID of a packet
  // Drops that belong to no virtual router, by interface and family: shown with every router there.
  std::map<std::pair<std::string, base::Family>, packet::DropCounters> unattributed_;
  // Within apply(): those whose last actions are still to be carried out, and those that wait for their macvlan.
  std::vector<core::RouterId> removed_;
  std::vector<std::pair<core::RouterId, config::Group>> added_;
  std::set<io::Receiver::Where> listening_on_;
  std::uint32_t next_id_ = 1;
  packet::FrameBuffer frame_{};
};

}  // namespace tandem::vrrpd::daemon

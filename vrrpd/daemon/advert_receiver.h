// SPDX-License-Identifier: Apache-2.0
// Receives adverts for the virtual routers: opens a socket where one listens, finds the router that a packet is for and
// tells the engine of it, and tells the filter against floods what it has to let through (decision 0025). Used on the
// protocol's thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

#include "vrrpd/daemon/runtime_context.h"
#include "vrrpd/io/authenticated.h"

namespace tandem::vrrpd::daemon {

class AdvertReceiver {
 public:
  struct Handlers {
    event::Handler on_batch;                      // the engine has been told of a batch of packets
    std::function<void(core::RouterId)> on_deaf;  // it is time to try again to open a router's socket: calls listen()
  };
  AdvertReceiver(RuntimeContext& context, Handlers handlers);

  // The router listens here from now on; nothing: nowhere. Sets its entry's `deaf` if no socket can be opened; that is
  // tried again every kListenPause.
  void listen(core::RouterId id, std::optional<io::Receiver::Where> where);
  // IPv6 has ended and begun anew on the interface, or, without one, may have on any: joins the groups again.
  void join_again(base::IfIndex interface) { receiver_.join_again(interface); }
  void join_again() { receiver_.join_again(); }

  // What the router expects to hear has changed: the filter follows at the end of the turn.
  void expect_anew(const RouterEntry& entry);
  // At the end of a turn, with its actions.
  void tell_expectations(const core::Actions& actions);

  // Dropped packets that belong to no router of this interface and family; null: there were none.
  const packet::DropCounters* unattributed(const std::string& interface, base::Family family) const;
  void clear_unattributed(const std::string& interface, base::Family family) {
    unattributed_.erase({interface, family});
  }

 private:
  void stop_listening(core::RouterId id, const RouterEntry& entry);
  void listen_again();
  bool on_packet(const io::ReceivedPacket& packet);
  void on_advert(core::RouterId id, const io::ReceivedPacket& packet);
  void on_authenticated(base::IfIndex interface, const base::IpAddress& source);
  void count_unattributed(const io::ReceivedPacket& packet);
  io::Expected expected_at(const io::Receiver::Where& where) const;

  RuntimeContext& context_;
  Handlers handlers_;
  io::Receiver receiver_;
  io::AuthenticatedReceiver authenticated_;
  event::Timer retry_timer_;                                   // for routers that are deaf
  std::unordered_map<std::uint64_t, core::RouterId> by_wire_;  // interface, family and VRID of a packet
  std::map<io::Receiver::Where, int> sockets_;                 // with the number of routers
  std::set<io::Receiver::Where> expectations_;                 // where they have changed in this turn
  std::map<std::pair<std::string, base::Family>, packet::DropCounters> unattributed_;
};

}  // namespace tandem::vrrpd::daemon

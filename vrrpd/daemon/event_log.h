// SPDX-License-Identifier: Apache-2.0
// Logs the events of virtual routers: one line per transition with its reason and peer, and rate-limited lines for what is
// wrong with packets. Keeps the last transitions of each router for `show`. Used on the protocol's thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "lib/log/trouble_limit.h"
#include "vrrpd/config/plan.h"
#include "vrrpd/core/action.h"
#include "vrrpd/core/router.h"
#include "vrrpd/daemon/one_way_loss_detector.h"
#include "vrrpd/daemon/test_schedule.h"
#include "vrrpd/daemon/transition_limit.h"
#include "vrrpd/io/receiver.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::daemon {

// What logs and recordings call a virtual router: "vrrp 5 on eth1 (IPv4)".
std::string name_of(const config::RouterKey& key);

class EventLog {
 public:
  EventLog(event::Loop& loop, log::Logger& logger);

  // Logged, or, if there are too many, summed up a little later.
  void transition(core::RouterId id, const config::RouterKey& key, const core::Transition& transition);
  void stands_still(const config::RouterKey& key, const std::string& reason);
  // The startup delay holds a Backup back for so long; and it has ended. Not of a router that flaps.
  void held_back(core::RouterId id, const config::RouterKey& key, base::Duration left);
  void startup_delay_over(core::RouterId id, const config::RouterKey& key);
  void notice(core::RouterId id, const config::RouterKey& key, const core::Noticed& noticed, base::TimePoint now);
  // A packet that belongs to no virtual router: counted and logged per interface.
  struct Place {
    base::IfIndex index;
    std::string_view name;
  };
  void dropped(const Place& interface, packet::Drop reason, const base::IpAddress& source, base::TimePoint now);
  // A neighbour that sends VRRP behind an authentication header.
  void authenticated(const Place& interface, const base::IpAddress& source);
  // A Master has heard an advert that loses against `priority`.
  void lost(core::RouterId id, const config::RouterKey& key, const packet::ReceivedAdvertisement& advertisement,
            int priority);
  // What a Master finds out by asking (test_schedule.h): the words of its warning.
  void unanswered(core::RouterId id, const config::RouterKey& key, TestChange change, const std::string& warning);
  void another_station(core::RouterId id, const config::RouterKey& key, TestChange change, const std::string& warning);
  // Lines that only `debug vrrp TOPIC` asks for.
  void sent(const config::RouterKey& key, const core::SendAdvertisement& send);
  void received(const config::RouterKey& key, const packet::ReceivedAdvertisement& advertisement);
  void announced(const config::RouterKey& key, const base::IpAddress& address);
  void timers(const config::RouterKey& key, const core::Router& router);
  void interface_changed(const config::RouterKey& key, const core::InterfaceStatus& status);
  void planned(const config::Change& change);
  void listening(const io::Receiver::Where& where);

  // What is remembered of a router from add() to forget().
  struct Past {
    base::WallTime since;                           // of its state
    std::vector<mgmt::PastTransition> transitions;  // the last core::kHistoryLength, oldest first
    std::string name{};                             // of the router, once it flaps
    bool flaps = false;                             // its last transition got no line
  };
  const Past& add(core::RouterId id);  // valid until forget()
  void resume(core::RouterId id, base::WallTime since) { past_.at(id).since = since; }
  void forget(core::RouterId id);
  const Past& past(core::RouterId id) const { return past_.at(id); }

  void set_debug(std::set<config::DebugTopic> topics) { debug_ = std::move(topics); }

 private:
  bool debugs(config::DebugTopic topic) const {
    return debug_.contains(topic) && logger_.enabled(log::Level::debugging);
  }

  void sum_up();
  void sum_up_troubles();
  // Whether it gets a line, and what that line says of those that did not: `what` names object and kind.
  std::optional<std::string> pass(const log::TroubleLimit::Trouble& trouble, base::TimePoint now,
                                  const std::function<std::string()>& what);
  struct Finding {
    bool station;
    TestChange change;
  };
  std::optional<std::string> pass_test(core::RouterId id, const config::RouterKey& key, Finding finding);
  void write(const config::RouterKey& key, const core::Noticed& noticed, const std::string& more);
  void alone(const config::RouterKey& key, const core::Transition& transition);

  log::Logger& logger_;
  log::TroubleLimit troubles_;
  std::map<std::uint64_t, std::string> left_out_;  // names of subjects, until they are summed up
  event::Timer trouble_timer_;
  OneWayLossDetector one_way_loss_;
  TransitionLimit transition_limit_;
  event::Timer transition_timer_;
  std::set<config::DebugTopic> debug_;
  std::unordered_map<core::RouterId, Past> past_;
};

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
// The protocol side of the daemon: feeds the engine with packets, interface changes, configuration and time, and has its
// actions carried out. Everything runs on the event loop's thread; each entry point ends with carry_out(), so no action
// outlives the turn that made it.
//
// Parts: RouterLifecycle (routers come, change and go), AdvertReceiver (what arrives), InterfaceWatch (what the protocol
// is told of interfaces), ActionExecutor (what the protocol wants), Settlements (transactions that wait for the kernel), Explanations (reasons in words), Heartbeat.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "vrrpd/daemon/action_executor.h"
#include "vrrpd/daemon/advert_receiver.h"
#include "vrrpd/daemon/explanations.h"
#include "vrrpd/daemon/heartbeat.h"
#include "vrrpd/daemon/interface_watch.h"
#include "vrrpd/daemon/router_lifecycle.h"
#include "vrrpd/daemon/runtime_context.h"
#include "vrrpd/daemon/settlements.h"
#include "vrrpd/daemon/wakeup_limit.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::daemon {

class Runtime {
 public:
  struct Options {
    io::DevicesOptions devices;
    int packet_socket = -1;  // of net::Sender::open()
  };
  // Opens what it needs of the kernel. Fails without CAP_NET_ADMIN and CAP_NET_RAW. `checkpoint` is kept up to date.
  static base::Result<std::unique_ptr<Runtime>> open(event::Loop& loop, log::Logger& logger, Checkpoint& checkpoint,
                                                     const Options& options);

  // Goes on with what the checkpoint has, if it has something: instead of the first apply() and start().
  void resume();
  // From now on, while the loop runs, the checkpoint has signs of life.
  void give_signs_of_life() { heartbeat_.start(); }

  // Makes the virtual routers what the plan, or a piece of it, says: the protocol at once, the kernel's interfaces in
  // this and the next turns. A virtual router whose macvlan is not there yet waits in Initialize.
  void apply(std::span<const config::Change> changes);
  // The startup configuration has been applied, if there is one: from now on macvlans are made, and those that a former
  // run left and no group needs are given up.
  void start();
  // Calls `done` in a later turn, once all of these virtual routers have what they want of the kernel, or do not get
  // it, or wait for an interface that does not exist. If the kernel refused one, with the reason: "vrrp 5 on eth1:
  // cannot create interface vrrp4-eth1-5: File exists". One that was refused already when it was last changed does not
  // count, and neither does one that has been removed. When nothing gets on it fails (waiters.h).
  void when_settled(std::vector<config::RouterKey> keys, Waiters::Settled done) {
    settlements_.when_settled(std::move(keys), std::move(done));
  }
  // How often the kernel has been done with a virtual router, whatever the result.
  std::uint64_t settlements() const { return settlements_.count(); }
  // Calls `tell` in the turn in which interfaces or their addresses have changed, or the kernel has refused a router
  // something: what the packet filter goes by.
  void on_filter_input_changed(std::function<void()> tell) { tell_filter_input_ = std::move(tell); }
  // Releases every mastership (priority 0), removes the macvlans, restores the sysctls.
  void stop();

  mgmt::RouterView view(const config::RouterKey& key, const config::Group& group) const;
  std::vector<mgmt::PastTransition> history(const config::RouterKey& key) const;
  void clear_statistics(const config::RouterKey& key);
  const io::InterfaceTable& interfaces() const { return context_.interfaces(); }
  // Of its macvlan, or of the one to be made; empty: its interface does not exist.
  std::string device_name(const config::RouterKey& key) const { return explanations_.device_name(key); }
  // Whether the kernel refuses what it wants, or its interface is in another VRF.
  bool is_refused(const config::RouterKey& key) const;
  std::vector<io::ForeignMacvlan> foreign_macvlans() const { return context_.devices->foreign(); }
  // `changed`: they may be others now. It runs on this thread.
  void on_foreign_macvlans(event::Handler changed) { foreign_macvlans_changed_ = std::move(changed); }
  void set_debug(std::set<config::DebugTopic> topics) { context_.log.set_debug(std::move(topics)); }
  // Records from now on what the protocol is told, of routers to come and of those that are included.
  void start_recording(std::function<bool(std::string text)> take);
  void include_in_recording(std::span<const config::RouterKey> routers);
  void stop_recording() { context_.engine.stop_recording(); }

 private:
  Runtime(event::Loop& loop, log::Logger& logger, Checkpoint& checkpoint, std::unique_ptr<net::Sender> sender);

  void on_changes(const io::DeviceChanges& changes);
  void on_timer();
  void on_unserved(core::RouterId id);
  void report_filter_input(const io::DeviceChanges& changes) const;

  // Saves and carries out the actions of the turn, and sets the timer.
  void carry_out();
  void save_touched();

  RuntimeContext context_;
  InterfaceWatch watch_;
  Explanations explanations_;
  ActionExecutor executor_;
  AdvertReceiver receiver_;
  RouterLifecycle lifecycle_;
  Settlements settlements_;
  Heartbeat heartbeat_;
  event::Timer timer_;  // of the engine's next deadline
  WakeupLimit wakeups_;
  std::function<void()> tell_filter_input_;
  event::Handler foreign_macvlans_changed_;
};

}  // namespace tandem::vrrpd::daemon

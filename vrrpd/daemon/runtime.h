// SPDX-License-Identifier: Apache-2.0
// The protocol side of the daemon: feeds the engine with packets, interface changes, configuration and time, and
// carries out its actions. Everything runs on the event loop's thread; each entry point ends with carry_out(), so no
// action outlives the turn that made it.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/config/plan.h"
#include "vrrpd/daemon/checkpoint.h"
#include "vrrpd/daemon/journal.h"
#include "vrrpd/daemon/link_times.h"
#include "vrrpd/daemon/router_advertiser.h"
#include "vrrpd/daemon/self_tester.h"
#include "vrrpd/daemon/standstill.h"
#include "vrrpd/daemon/unserved.h"
#include "vrrpd/daemon/waiters.h"
#include "vrrpd/daemon/wakeup_limit.h"
#include "vrrpd/io/authenticated.h"
#include "vrrpd/io/devices.h"
#include "vrrpd/io/receiver.h"
#include "vrrpd/io/sender.h"
#include "vrrpd/mgmt/operational.h"
#include "vrrpd/packet/frame.h"
#include "vrrpd/recording/recorder.h"

namespace tandem::vrrpd::daemon {

class Runtime {
 public:
  struct Options {
    io::DevicesOptions devices;
    int packet_socket = -1;  // of io::Sender::open()
  };
  // Opens what it needs of the kernel. Fails without CAP_NET_ADMIN and CAP_NET_RAW. `checkpoint` is kept up to date.
  static base::Result<std::unique_ptr<Runtime>> open(event::Loop& loop, log::Logger& logger, Checkpoint& checkpoint,
                                                     Options options);

  // Goes on with what the checkpoint has, if it has something: instead of the first apply() and start().
  void resume();
  // From now on, while the loop runs, the checkpoint has signs of life.
  void give_signs_of_life() { on_beat(); }

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
  void when_settled(std::vector<config::RouterKey> keys, Waiters::Settled done);
  // How often the kernel has been done with a virtual router, whatever came of it.
  std::uint64_t settlements() const { return settlements_; }
  // Calls `tell` in the turn in which interfaces or their addresses have changed, or the kernel has refused a router
  // something: what the packet filter goes by.
  void on_surroundings(std::function<void()> tell) { tell_surroundings_ = std::move(tell); }
  // Releases every mastership (priority 0), removes the macvlans, restores the sysctls.
  void stop();

  mgmt::RouterView view(const config::RouterKey& key, const config::Group& group) const;
  std::vector<mgmt::PastTransition> history(const config::RouterKey& key) const;
  void clear_statistics(const config::RouterKey& key);
  const io::InterfaceTable& interfaces() const { return devices_->interfaces(); }
  std::string device_name(const config::RouterKey& key) const;  // of its macvlan, or of the one to be made; or empty
  bool is_refused(
      const config::RouterKey& key) const;  // what it wants of the kernel; or its interface is in another VRF
  std::vector<io::ForeignMacvlan> foreign_macvlans() const { return devices_->foreign(); }
  // `changed`: they may be others now. It runs on this thread.
  void on_foreign_macvlans(event::Handler changed) { foreign_macvlans_changed_ = std::move(changed); }
  void set_debug(std::set<config::DebugTopic> topics) { journal_.set_debug(std::move(topics)); }
  // Records from now on what the protocol is told, of routers to come and of those that are included.
  void start_recording(std::function<bool(std::string text)> take);
  void include_in_recording(std::span<const config::RouterKey> routers);
  void stop_recording() { engine_.stop_recording(); }

 private:
  // What the frame that resigns was made of.
  struct Resignation {
    base::IfIndex interface;
    core::SendAdvertisement send;
  };
  struct Entry {
    config::RouterKey key;
    std::optional<config::RouterAdvertisement> router_advertisement{};
    std::vector<base::IpPrefix> prefixes;  // what a Master's macvlan carries
    config::StartupDelay startup_delay{};
    std::string vrf{};  // in which its interface has to be; empty: whichever
    io::DesiredDevice::Macvlan macvlan{};
    std::optional<io::Receiver::Where> listens{};  // where its adverts arrive
    bool deaf = false;                             // no socket could be opened there
    std::vector<core::AddressList> to_announce{};  // as soon as the kernel owns them
    bool refused_before = false;                   // by the kernel, when it was last changed
    std::size_t advert_size = 0;                   // of the IP packet
    std::optional<Checkpoint::Place> place{};
    // What each advert needs is here, so that none has to look it up.
    const core::Router* router = nullptr;  // of the engine; null once it has been removed
    const Journal::Past* past = nullptr;
    std::optional<base::IfIndex> parent{};                     // its interface, while there is one
    checkpoint::LinkUp link{};                                 // of that
    bool stands_still = false;                                 // is known to standstill_
    std::array<std::optional<Resignation>, 2> resignations{};  // a Master's, as the checkpoint has them, by version
  };

  Runtime(event::Loop& loop, log::Logger& logger, Checkpoint& checkpoint, std::unique_ptr<io::Sender> sender);

  void change(const config::RemoveRouter& change, base::TimePoint now);
  void change(const config::AddRouter& change, base::TimePoint now);
  void change(const config::ChangeRouter& change, base::TimePoint now);
  void change(const config::ChangeAddressLease& change, base::TimePoint) { devices_->set_lease(change.lease); }
  template <class Other>
  void change(const Other&, base::TimePoint) {}  // not the runtime's business

  // runtime_checkpoint.cpp
  core::RouterId enter(const config::AddRouter& change);
  void resume(const config::AddRouter& change, base::TimePoint now);
  void remember();
  void prepare_resignation(Entry& entry, base::IfIndex interface, const core::SendAdvertisement& send);
  void drop_resignations(Entry& entry);
  static core::Duration patience_with(const core::Router& router);
  core::Duration patience() const;
  void limit_patience(const core::Router& router);
  void on_beat();

  // runtime_startup.cpp
  void look_at_links(const io::DeviceChanges& changes, base::TimePoint now);
  void recall_links(std::span<const config::Change> added, base::TimePoint now);
  checkpoint::LinkUp link_of(const std::string& name) const;
  void log_startup_delay(core::RouterId id, bool held, base::TimePoint now);
  base::TimePoint counts_from(const config::RouterKey& key, const config::StartupDelay& delay) const;

  void on_changes(const io::DeviceChanges& changes);
  void on_timer();

  core::InterfaceStatus status_of(core::RouterId id, const Entry& entry) const;
  core::InterfaceStatus status_in(const config::RouterKey& key, std::string_view vrf) const;
  void want_device(core::RouterId id, bool claimed);
  void forget_removed();
  void refresh(core::RouterId id, base::TimePoint now);
  void refresh_interface(const std::string& name, base::TimePoint now);
  void listen_again();
  void report_surroundings(const io::DeviceChanges& changes) const;
  // runtime_service.cpp
  void look_at_waiters();
  Waiters::Standing standing_of(const config::RouterKey& key) const;
  bool can_serve(core::RouterId id) const;
  void judge_service(core::RouterId id, const config::RouterKey& key, base::TimePoint now);
  void on_unserved(core::RouterId id);

  // runtime_words.cpp
  std::string hindrance(core::RouterId id) const;
  std::vector<std::string> warnings(core::RouterId id) const;
  std::string unanswered_words(core::RouterId id) const;
  std::string station_words(core::RouterId id) const;
  bool note_standstill(core::RouterId id, Entry& entry, base::TimePoint now);
  void set_standstill_timer();
  void report_standstill();

  // runtime_inquiry.cpp
  SelfTester::Handlers self_test_handlers();
  std::optional<SelfTester::Subject> test_subject(core::RouterId id) const;

  // runtime_receiving.cpp
  void listen(core::RouterId id, Entry& entry, std::optional<io::Receiver::Where> where);
  bool on_packet(const io::ReceivedPacket& packet);  // whether it is for a virtual router of ours
  void on_authenticated(base::IfIndex interface, const base::IpAddress& source);
  void count_unattributed(const io::ReceivedPacket& packet);
  io::Expected expected_at(const io::Receiver::Where& where) const;
  void expect_anew(const Entry& entry);  // what is expected where it listens has changed
  void tell_expectations();

  // Adverts, then ownership, then announcements (core/action.h); then the log; then the timer.
  void carry_out();
  void follow_transitions();
  void refresh_router_advertisements(core::RouterId id, const config::Group& group);
  void log_actions();
  void queue_advertisement(const core::Action& action, const core::SendAdvertisement& send);
  void act_on_ownership();
  void announce(core::RouterId id);
  void queue_announcement(const Entry& entry, const io::Interface& device, const core::AddressList& addresses);

  Journal journal_;
  std::unique_ptr<io::Devices> devices_;
  std::unique_ptr<io::Sender> sender_;
  io::Receiver receiver_;
  io::AuthenticatedReceiver authenticated_;
  RouterAdvertiser router_advertiser_;
  event::Timer timer_;
  WakeupLimit wakeups_;

  recording::Recorder engine_;
  core::Actions actions_;
  std::map<config::RouterKey, core::RouterId> ids_;
  std::unordered_map<core::RouterId, Entry> entries_;
  std::unordered_map<std::uint64_t, core::RouterId> by_wire_;  // interface, family and VRID of a packet
  // Drops that belong to no virtual router, by interface and family: shown with every router there.
  std::map<std::pair<std::string, base::Family>, packet::DropCounters> unattributed_;
  std::function<void()> tell_surroundings_;
  std::vector<core::RouterId> removed_;              // their last actions are still to be carried out
  std::map<io::Receiver::Where, int> listening_on_;  // with the number of routers
  std::set<io::Receiver::Where> expectations_;       // where they have changed in this turn
  Checkpoint& checkpoint_;
  std::vector<core::RouterId> touched_;  // routers that may have changed in this turn
  core::Duration patience_{};
  base::TimePoint patience_until_{};  // when it is to be computed again
  event::Timer beat_;
  Waiters waiters_;
  std::uint64_t settlements_ = 0;
  event::Timer waiters_timer_;
  event::Timer listen_timer_;  // for routers that are deaf
  Standstill standstill_;
  event::Timer standstill_timer_;
  Unserved unserved_;
  LinkTimes link_times_;
  const base::TimePoint booted_;
  SelfTester self_tester_;
  event::Handler foreign_macvlans_changed_;
  std::uint32_t next_id_ = 1;
  packet::FrameBuffer frame_{};
};

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
// One virtual router: the state machine of RFC 9568 §6.4 and RFC 3768 §6.4. One source file per state: initialize.cpp,
// backup.cpp, master.cpp; router.cpp has what is common. Used through Engine.
#pragma once

#include "vrrpd/core/action.h"
#include "vrrpd/core/event.h"
#include "vrrpd/core/limits.h"
#include "vrrpd/core/saved_state.h"

namespace tandem::vrrpd::core {

class Router {
 public:
  Router(RouterId id, RouterConfig config, InterfaceStatus status);
  // Continues where another router was. Precondition: the three values are of one router at one moment.
  Router(RouterId id, RouterConfig config, InterfaceStatus status, const SavedState& saved);

  void handle(const Event& event, TimePoint now, Actions& actions);
  void advance(TimePoint now, Actions& actions);         // harmless before the deadline
  std::optional<TimePoint> deadline() const;             // none in Initialize
  void start_if_ready(TimePoint now, Actions& actions);  // Initialize → Backup or Master, if nothing stands in the way
  // → Initialize; releases mastership if it had it. What it is stopped for has to hold on, or the next event starts it
  // again.
  void stop(Cause cause, InitializeReason reason, Actions& actions);

  // What `show` prints.
  RouterId id() const { return id_; }
  const RouterConfig& config() const { return config_; }
  const InterfaceStatus& interface_status() const { return status_; }
  State state() const { return saved_.state; }
  InitializeReason initialize_reason() const;
  bool is_owner() const { return owner_; }
  // 255 for the owner of the addresses (R8).
  std::uint8_t effective_priority() const { return owner_ ? packet::kPriorityOwner : config_.priority; }
  // In force: learned from the Master in Backup (v3), else our own; zero in Initialize.
  Duration master_advertisement_interval() const;
  Duration current_skew_time() const;                                        // zero in Initialize
  Duration current_master_down_interval() const;                             // zero in Initialize
  const std::optional<MasterInfo>& master() const { return saved_.master; }  // whom a Backup follows
  packet::ChecksumForm checksum_sent() const;
  // When the startup delay ends; nothing: it does not hold the router back.
  std::optional<TimePoint> held_until() const {
    return saved_.startup.holds ? std::optional(startup_delay_end()) : std::nullopt;
  }
  // With config() and interface_status(), what the other constructor needs.
  const SavedState& saved_state() const { return saved_; }
  const Statistics& statistics() const { return statistics_; }
  void set_statistics(const Statistics& statistics) { statistics_ = statistics; }

 private:
  // router.cpp
  void on_configured(const RouterConfig& next, TimePoint now, Actions& actions);
  void on_interface_changed(const InterfaceStatus& next, TimePoint now, Actions& actions);
  void on_advertisement(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);
  void on_rejected(const PacketRejected& rejected, Actions& actions);
  void on_refused(packet::Drop reason, const packet::ReceivedAdvertisement& received, Actions& actions);
  void on_stop_requested(Actions& actions);
  void adopt(const RouterConfig& next);
  void refresh_owner();
  void advertise(std::uint8_t priority, Actions& actions);
  void advertise_as(Version version, std::uint8_t priority, Actions& actions);
  void announce(AddressList addresses, Actions& actions);
  void transition(const Transition& transition, Actions& actions);

  // admission.cpp: what the configuration says about a decoded advert
  std::optional<packet::Drop> refusal(const packet::ReceivedAdvertisement& received) const;
  AddressDifference difference_of(const packet::AddressView& addresses) const;
  bool has_our_interval(const packet::Advertisement& fields) const;
  void account(const packet::ReceivedAdvertisement& received, Actions& actions);
  void notice(Notice what, const packet::ReceivedAdvertisement& received, Actions& actions) const;

  // checksum_form.cpp
  bool has_two_forms(const packet::ReceivedAdvertisement& received) const;
  void learn_form(const packet::ReceivedAdvertisement& received, Actions& actions);
  void suspect_form(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);

  // initialize.cpp
  InitializeReason obstacle(const RouterConfig& config) const;

  // backup.cpp
  void enter_backup(TimePoint now);
  void receive_in_backup(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);
  void follow(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);
  void advance_backup(TimePoint now, Actions& actions);
  void reconfigured_in_backup(TimePoint now, bool became_owner, Actions& actions);
  TimePoint backup_deadline() const;
  TimePoint master_down_deadline() const;
  std::optional<TimePoint> hold_deadline() const;

  // startup_delay.cpp
  TimePoint startup_delay_end() const { return status_.counts_from + config_.startup_delay; }
  bool waits_for_startup_delay() const { return saved_.startup.holds && !saved_.startup.heard; }
  void refresh_startup_delay(TimePoint now, Actions& actions);
  void end_startup_delay(TimePoint now, Actions& actions);

  // coexistence.cpp
  bool speaks(Version version) const;
  bool is_said_by_version_3(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);

  // master.cpp
  void enter_master(Cause cause, const std::optional<MasterInfo>& peer, TimePoint now, Actions& actions);
  void receive_in_master(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);
  void step_down(Cause cause, const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);
  void advance_master(TimePoint now, Actions& actions);
  void advertise_at_once(TimePoint now, Actions& actions);
  void announce_again_soon(TimePoint now);
  bool may_advertise_immediately(TimePoint now);
  void replace_addresses(const std::vector<IpAddress>& before, TimePoint now, Actions& actions);
  void release(Actions& actions);

  RouterId id_;
  RouterConfig config_;
  std::vector<IpAddress> sorted_addresses_;  // of config_, to compare lists whatever their order
  InterfaceStatus status_;
  bool owner_ = false;
  SavedState saved_;
  Statistics statistics_;
};

}  // namespace tandem::vrrpd::core

// SPDX-License-Identifier: Apache-2.0
// One virtual router: the state machine of RFC 9568 §6.4 and RFC 3768 §6.4. What happens in a state is in initialize.h,
// backup.h and master.h, which work on RouterData and do not know each other; they return the decision to change the state.
// Router gives them the events and makes the transitions. Used through Engine.
#pragma once

#include "vrrpd/core/action.h"
#include "vrrpd/core/event.h"
#include "vrrpd/core/limits.h"
#include "vrrpd/core/router_data.h"
#include "vrrpd/core/takeover.h"

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
  RouterId id() const { return data_.id; }
  const RouterConfig& config() const { return data_.config; }
  const InterfaceStatus& interface_status() const { return data_.status; }
  State state() const { return data_.saved.state; }
  InitializeReason initialize_reason() const;
  bool is_owner() const { return data_.owner; }
  // 255 for the owner of the addresses (R8).
  std::uint8_t effective_priority() const { return data_.effective_priority(); }
  // In force: learned from the Master in Backup (v3), else our own; zero in Initialize.
  Duration master_advertisement_interval() const { return data_.master_advertisement_interval(); }
  Duration current_skew_time() const { return data_.current_skew_time(); }                        // zero in Initialize
  Duration current_master_down_interval() const { return data_.current_master_down_interval(); }  // zero in Initialize
  const std::optional<MasterInfo>& master() const { return data_.saved.master; }  // whom a Backup follows
  packet::ChecksumForm checksum_sent() const { return data_.checksum_sent(); }
  // When the startup delay ends; nothing: it does not hold the router back.
  std::optional<TimePoint> held_until() const {
    return data_.saved.startup.holds ? std::optional(data_.startup_delay_end()) : std::nullopt;
  }
  // With config() and interface_status(), what the other constructor needs.
  const SavedState& saved_state() const { return data_.saved; }
  const Statistics& statistics() const { return data_.statistics; }
  void set_statistics(const Statistics& statistics) { data_.statistics = statistics; }

 private:
  void on_configured(const RouterConfig& next, TimePoint now, Actions& actions);
  void on_interface_changed(const InterfaceStatus& next, TimePoint now, Actions& actions);
  void on_advertisement(const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);
  void on_stop_requested(Actions& actions);
  void take_over(const std::optional<Takeover>& takeover, TimePoint now, Actions& actions);
  void step_down(Cause cause, const packet::ReceivedAdvertisement& received, TimePoint now, Actions& actions);

  RouterData data_;
};

}  // namespace tandem::vrrpd::core

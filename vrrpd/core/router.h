// SPDX-License-Identifier: Apache-2.0
// One virtual router: the state machine of RFC 9568 §6.4 and RFC 3768 §6.4. One source file per state: initialize.cpp,
// backup.cpp, master.cpp; router.cpp has what is common. Used through Engine.
#pragma once

#include "vrrpd/core/action.h"
#include "vrrpd/core/event.h"
#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::core {

class Router {
 public:
  Router(RouterId id, RouterConfig config, InterfaceStatus status);

  void handle(const Event& event, TimePoint now, Actions& actions);
  void advance(TimePoint now, Actions& actions);        // harmless before the deadline
  std::optional<TimePoint> deadline() const;            // none in Initialize
  void start_if_ready(TimePoint now, Actions& actions);  // Initialize → Backup or Master, if nothing stands in the way
  void stop(Cause cause, InitializeReason reason, TimePoint now, Actions& actions);  // → Initialize

  // What `show` prints.
  RouterId id() const { return id_; }
  const RouterConfig& config() const { return config_; }
  const InterfaceStatus& interface_status() const { return status_; }
  State state() const { return state_; }
  InitializeReason initialize_reason() const;
  bool is_owner() const { return owner_; }
  std::uint8_t effective_priority() const { return owner_ ? packet::kPriorityOwner : config_.priority; }
  // In force: learned from the Master in Backup (v3), else our own; zero in Initialize.
  Duration master_advertisement_interval() const;
  Duration current_skew_time() const;            // zero in Initialize
  Duration current_master_down_interval() const;  // zero in Initialize
  const std::optional<MasterInfo>& master() const { return master_; }  // whom a Backup follows
  packet::ChecksumForm checksum_sent() const;
  const Statistics& statistics() const { return statistics_; }
  void clear_statistics() { statistics_ = {}; }

  // ... private part is the implementer's.
 private:
  RouterId id_;
  RouterConfig config_;
  InterfaceStatus status_;
  State state_ = State::initialize;
  bool owner_ = false;
  std::optional<MasterInfo> master_;
  Statistics statistics_;
};

}  // namespace tandem::vrrpd::core

// SPDX-License-Identifier: Apache-2.0
// The state of the virtual routers as plain values, made on request. Every show command reads them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/mgmt/control.h"
#include "vrrpd/config/model.h"
#include "vrrpd/core/router.h"

namespace tandem::vrrpd::mgmt {

// A transition, with its time.
struct PastTransition {
  base::WallTime when;
  core::Transition transition;
};

// The virtual router of one family of a group. If `exists` is false, the group has no router of the family, and the
// other members describe a router that never starts.
struct RouterView {
  core::Family family = core::Family::ipv4;
  bool exists = false;
  std::string device;  // the name of the macvlan; empty: none
  base::MacAddress virtual_mac;
  std::optional<base::IpAddress> primary;
  core::State state = core::State::initialize;
  core::InitializeReason initialize_reason = core::InitializeReason::no_virtual_addresses;
  // A detail of the reason: the kernel's error, or the duplicate address; empty: none.
  std::string hindrance = {};
  std::uint8_t effective_priority = 0;
  core::Duration master_advertisement_interval{};
  core::Duration skew_time{};
  core::Duration master_down_interval{};
  bool checksum_with_pseudoheader = true;  // the form being sent
  std::optional<core::MasterInfo> master;
  std::optional<core::Duration> startup_delay_left = {};  // while the startup delay holds the router in Backup
  std::optional<base::WallTime> since;                    // when the router entered its state, or was created
  std::optional<PastTransition> last_transition;
  core::Statistics statistics;
  std::vector<base::IpAddress> addresses;
  std::vector<std::string> warnings = {};  // conditions that may keep it from serving hosts, as sentences
};

// The address of the Master: the one that a Backup follows, or this router itself. nullopt: no Master is known.
inline std::optional<base::IpAddress> master_address(const RouterView& router) {
  if (router.state == core::State::master) {
    return router.primary;
  }
  return router.master ? std::optional(router.master->address) : std::nullopt;
}
inline std::uint8_t master_priority(const RouterView& router) {  // 0: no Master is known
  if (router.state == core::State::master) {
    return router.effective_priority;
  }
  return router.master ? router.master->priority : 0;
}

// The rest of the startup delay in seconds, rounded up; 0: it has ended or is off.
inline unsigned startup_delay_seconds(const RouterView& router) {
  const auto left = router.startup_delay_left.value_or(core::Duration::zero());
  return static_cast<unsigned>(std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::seconds>(left).count()));
}

struct GroupView {
  std::string interface;
  config::Group config;
  RouterView v4;
  RouterView v6;
};

// One line of `show vrrp history`.
struct HistoryEntry {
  std::string interface;
  core::Vrid vrid;
  core::Family family;
  PastTransition past;
};

struct GroupSelection {
  std::optional<std::string> interface;
  std::optional<unsigned> vrid;

  bool includes(const std::string& name, core::Vrid number) const {
    return (!interface || *interface == name) && (!vrid || *vrid == number.value());
  }
};

// An interface of the machine, as the kernel last reported it.
struct InterfaceView {
  std::string name;
  std::uint32_t index = 0;
  bool admin_up = false;
  bool running = false;  // including the carrier
  bool ethernet = false;
  base::MacAddress mac = {};
  std::uint32_t mtu = 0;
  std::string vrf = "default";
  std::vector<base::IpPrefix> addresses = {};
  bool protodown = false;  // held without carrier by an administrator or a program
};

// The requests of VRRP's commands to the daemon, besides those of every daemon.
class Control : public tandem::mgmt::Control {
 public:
  // Sorted by interface name (byte order), then VRID.
  virtual std::vector<GroupView> groups(const GroupSelection& selection) const = 0;
  // The last transitions of each virtual router that exists (core::kHistoryLength), oldest first.
  virtual std::vector<HistoryEntry> history(const GroupSelection& selection) const = 0;
  virtual void clear_statistics(const GroupSelection& selection) = 0;
  virtual bool interface_exists(const std::string& name) const = 0;
  virtual std::vector<std::string> interface_names() const = 0;
  virtual std::vector<InterfaceView> interfaces() const = 0;  // all interfaces, by name

  // Topics of `debug vrrp` in force: those of the configuration and those switched on for this run.
  virtual std::set<config::DebugTopic> debug_topics() const = 0;
  virtual void set_volatile_debug(const std::set<config::DebugTopic>& topics) = 0;
  virtual std::set<config::DebugTopic> volatile_debug() const = 0;

  // A recording of the protocol's events (doc/recording.md). The errors name the file or the reason.
  virtual base::Result<> start_recording(const std::string& file) = 0;
  virtual base::Result<> stop_recording() = 0;
  virtual std::optional<std::string> recording() const = 0;  // the file of the recording; nullopt: none runs

  // tandem::mgmt::Control
  std::vector<tandem::mgmt::ObjectCount> object_counts() const override;
  std::vector<std::string> completions(std::string_view source) const override;
  std::string operational_data() const override;
};

}  // namespace tandem::vrrpd::mgmt

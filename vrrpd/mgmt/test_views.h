// SPDX-License-Identifier: Apache-2.0
// Views for the tests of this folder.
#pragma once

#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

// Router 1 of FRR's example: Master with priority 210.
inline GroupView classic_master() {
  using base::IpAddress;
  using core::Family;
  using std::chrono::milliseconds;
  config::Group config{{.vrid = core::Vrid(5),
                        .version = core::Version::v3,
                        .priority = 210,
                        .advertisement_interval = milliseconds(1000),
                        .preempt = true,
                        .preempt_delay = {},
                        .checksum = core::ChecksumMode::automatic,
                        .shutdown = false}};
  config.ipv4 = {{IpAddress::v4(10, 10, 10, 16), 32}};
  GroupView group{.interface = "eth1", .config = config, .v4 = {}, .v6 = {}};
  group.v4.family = Family::ipv4;
  group.v4.exists = true;
  group.v4.device = "vrrp4-3-5";
  group.v4.virtual_mac = packet::virtual_mac(core::Vrid(5), Family::ipv4);
  group.v4.primary = IpAddress::v4(10, 10, 10, 15);
  group.v4.state = core::State::master;
  group.v4.initialize_reason = core::InitializeReason::none;
  group.v4.effective_priority = 210;
  group.v4.master_advertisement_interval = milliseconds(1000);
  group.v4.skew_time = std::chrono::microseconds(179'687);
  group.v4.master_down_interval = std::chrono::microseconds(3'179'687);
  group.v4.statistics.advertisements_sent = 11;
  group.v4.statistics.announcements_sent = 1;
  group.v4.statistics.transitions = 2;
  group.v4.addresses = {IpAddress::v4(10, 10, 10, 16)};
  group.v6.family = Family::ipv6;
  group.v6.virtual_mac = packet::virtual_mac(core::Vrid(5), Family::ipv6);
  group.v6.effective_priority = 210;
  return group;
}

// The same group on the other router: Backup, with every optional value set.
inline GroupView classic_backup() {
  GroupView group = classic_master();
  group.config.priority = 100;
  group.config.description = "gateway of the office";
  RouterView& router = group.v4;
  router.state = core::State::backup;
  router.effective_priority = 100;
  router.primary = base::IpAddress::v4(10, 10, 10, 10);
  router.master = {base::IpAddress::v4(10, 10, 10, 15), 210, std::chrono::seconds(1)};
  router.warnings = {"the kernel has refused 10.10.10.17"};
  router.since = base::WallTime(std::chrono::milliseconds(1'700'000'000'123));
  router.last_transition = {*router.since,
                            {.from = core::State::master,
                             .to = core::State::backup,
                             .cause = core::Cause::higher_priority,
                             .peer = base::IpAddress::v4(10, 10, 10, 15),
                             .peer_priority = 210}};
  return group;
}

}  // namespace tandem::vrrpd::mgmt

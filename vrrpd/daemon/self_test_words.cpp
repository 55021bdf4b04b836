// SPDX-License-Identifier: Apache-2.0
// The self test of Masters (self_tester.h): what is asked of which interface, and the results in words.
#include <algorithm>

#include "vrrpd/daemon/explanations.h"
#include "vrrpd/io/inquiry.h"

namespace tandem::vrrpd::daemon {
namespace {

// The address of the interface with which it asks hosts of the LAN. Where a macvlan has it, too, because a virtual
// router owns it, hosts must not learn the interface's MAC address for it: 0.0.0.0 then, and no question of IPv6.
std::optional<base::IpAddress> wire_sender(const io::InterfaceTable& table,
                                           const std::optional<base::IpAddress>& primary) {
  if (primary && table.holders(*primary) > 1) {
    return primary->family() == base::Family::ipv4 ? std::optional(base::IpAddress(base::Family::ipv4)) : std::nullopt;
  }
  return primary;
}

}  // namespace

SelfTester::Handlers Explanations::self_test_handlers() {
  return {.describe = [this](core::RouterId id) { return test_subject(id); },
          .own_changed =
              [this](core::RouterId id, TestChange change) {
                context_.log.unanswered(id, context_.routers.at(id).key, change, unanswered_words(id));
              },
          .wire_changed =
              [this](core::RouterId id, TestChange change) {
                context_.log.another_station(id, context_.routers.at(id).key, change, station_words(id));
              }};
}

std::optional<SelfTester::Subject> Explanations::test_subject(core::RouterId id) const {
  const RouterEntry& entry = context_.routers.at(id);
  const io::InterfaceTable& table = context_.interfaces();
  const io::Interface* const macvlan = table.find(context_.devices->device_of(id));
  const io::Interface* const parent = macvlan == nullptr ? nullptr : table.find(table.parent_of(macvlan->link));
  if (parent == nullptr || !macvlan->link.macvlan || !context_.devices->outcome(id).settled()) {
    return std::nullopt;
  }
  SelfTester::Subject subject{.addresses = {},
                              .macvlan = macvlan->link.index,
                              .virtual_mac = macvlan->link.mac,
                              .looped = macvlan->link.macvlan->mode == netlink::MacvlanMode::bridge,
                              .parent = parent->link.index,
                              .parent_mac = parent->link.mac,
                              .wire_sender = wire_sender(table, watch_.status_in(entry.key, entry.vrf).primary),
                              .own_senders = {}};
  for (const netlink::Address& address : macvlan->addresses) {
    const bool virtual_address = std::ranges::any_of(
        entry.prefixes, [&](const base::IpPrefix& prefix) { return prefix.address == address.prefix.address; });
    if (virtual_address) {
      subject.addresses.push_back(address.prefix.address);
      subject.own_senders.push_back(io::own_sender(address.prefix.address, table, *parent));
    }
  }
  return subject;
}

std::string Explanations::unanswered_words(core::RouterId id) const {
  const std::vector<base::IpAddress> addresses = self_tester_.unanswered(id);
  if (addresses.empty()) {
    return {};
  }
  const bool ipv4 = addresses.front().family() == base::Family::ipv4;
  return fmt::format("the kernel does not answer hosts that ask for {} ({}, on {}): look for {}", some_of(addresses),
                     ipv4 ? "ARP" : "neighbour solicitation", device_name(context_.routers.at(id).key),
                     ipv4 ? "rules of the packet filter for ARP (nft list tables arp), and for sysctls arp_ignore, "
                            "arp_filter and rp_filter"
                          : "rules of the packet filter that drop neighbour solicitations or advertisements");
}

std::string Explanations::station_words(core::RouterId id) const {
  const auto station = self_tester_.station(id);
  if (!station) {
    return {};
  }
  const config::RouterKey& key = context_.routers.at(id).key;
  return fmt::format("another station ({}) answers for {}: {}", station->mac.to_string(), station->address.to_string(),
                     station->mac == packet::virtual_mac(key.vrid, key.family)
                         ? "another router is Master of this group, too"
                         : "a host has the same address, or another router is Master without the virtual MAC address");
}

}  // namespace tandem::vrrpd::daemon

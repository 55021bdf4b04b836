// SPDX-License-Identifier: Apache-2.0
// What arrives: where the adverts of virtual routers are listened for, to whom a packet goes, and what a filter against
// a flood has to let through (decision 0025).
#include <algorithm>
#include <utility>

#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/runtime.h"

namespace tandem::vrrpd::daemon {
namespace {

std::uint64_t wire_key(base::IfIndex interface, base::Family family, core::Vrid vrid) {
  return (static_cast<std::uint64_t>(base::to_number(interface)) << 16U) | (static_cast<std::uint64_t>(family) << 8U) |
         vrid.value();
}

bool follows(const core::Router& router, const base::IpAddress& source) {
  return router.master() && router.master()->address == source;
}

// The lowest priority with which an advert of a router that is not followed may change a state (core/backup.cpp,
// core/master.cpp); priority 0 of such a router changes none that matters.
std::uint8_t least_priority(const core::Router& router) {
  const bool follows_lower =
      !router.is_owner() && (!router.config().preempt || router.config().preempt_delay != core::Duration::zero());
  return router.state() == core::State::backup && follows_lower ? 0 : router.effective_priority();
}

}  // namespace

// One socket serves all virtual routers of an interface and family. An IPv6 router without an address of the interface
// has none: when IPv6 ends on an interface (an MTU below 1280), the kernel forgets which groups were joined there, and
// a socket that is opened before it begins again hears nothing.
void Runtime::listen(core::RouterId id, Entry& entry, std::optional<io::Receiver::Where> where) {
  if (entry.listens != where) {
    if (entry.listens) {
      const auto on_wire = by_wire_.find(wire_key(entry.listens->interface, entry.key.family, entry.key.vrid));
      if (on_wire != by_wire_.end() && on_wire->second == id) {  // or two interfaces have exchanged their names
        by_wire_.erase(on_wire);
      }
      const auto listened = listening_on_.find(*entry.listens);
      if (--listened->second == 0) {
        receiver_.close(listened->first);
        listening_on_.erase(listened);
      }
      // A filter goes on to let the VRID through: that is harmless.
    }
    if (where) {
      by_wire_.insert_or_assign(wire_key(where->interface, entry.key.family, entry.key.vrid), id);
      if (++listening_on_[*where] == 1) {
        journal_.listening(*where);
      }
    }
    entry.listens = std::move(where);
    if (entry.listens) {
      expect_anew(entry);
    }
  }
  const bool was_deaf = std::exchange(entry.deaf, false);
  if (entry.listens) {
    entry.deaf = !receiver_.listen(*entry.listens);  // always: it tries again what failed before
    authenticated_.listen();
  }
  if (entry.deaf && !was_deaf) {
    listen_timer_.set(event::monotonic_now() + kListenPause);
  }
}

// ---- packets

// A virtual router is found by VRID, family and the interface where the packet arrived (R23).
bool Runtime::on_packet(const io::ReceivedPacket& packet) {
  const bool accepted = packet.content.has_value();
  const std::optional<core::Vrid> vrid = accepted ? packet.content->fields.vrid : packet.content.error().vrid;
  const auto found = vrid ? by_wire_.find(wire_key(packet.interface, packet.family, *vrid)) : by_wire_.end();
  if (found == by_wire_.end()) {
    count_unattributed(packet);
    return false;
  }
  if (!accepted) {
    const core::PacketRejected rejected{packet.content.error().reason, packet.ip.source};
    engine_.handle(found->second, rejected, packet.when, actions_);
    return true;
  }
  const Entry& entry = entries_.at(found->second);
  journal_.received(entry.key, *packet.content);
  const core::Router& router = *entry.router;
  const std::uint64_t valid = router.statistics().advertisements_received;
  const bool known = follows(router, packet.ip.source);
  engine_.handle(found->second, core::AdvertisementReceived{*packet.content}, packet.when, actions_);
  touched_.push_back(found->second);
  if (!known && follows(router, packet.ip.source)) {
    expect_anew(entry);
  }
  if (router.state() == core::State::master && packet.content->fields.priority != packet::kPriorityRelease &&
      router.statistics().advertisements_received != valid) {  // a better one would have ended that
    journal_.lost(found->second, entry.key, *packet.content, router.effective_priority());
  }
  return true;
}

void Runtime::on_authenticated(base::IfIndex interface, const base::IpAddress& source) {
  const io::Interface* const arrived = devices_->interfaces().find(interface);
  if (arrived != nullptr && listening_on_.contains({interface, arrived->link.name, base::Family::ipv4})) {
    journal_.authenticated({interface, arrived->link.name}, source);
  }
}

void Runtime::count_unattributed(const io::ReceivedPacket& packet) {
  const io::Interface* interface = devices_->interfaces().find(packet.interface);
  if (interface == nullptr) {
    return;
  }
  const packet::Drop reason = packet.content ? packet::Drop::unknown_vrid : packet.content.error().reason;
  unattributed_[{interface->link.name, packet.family}].count(reason);
  journal_.dropped({packet.interface, interface->link.name}, reason, packet.ip.source, packet.when);
}

// ---- floods

io::Expected Runtime::expected_at(const io::Receiver::Where& where) const {
  io::Expected expected;
  const config::RouterKey first{where.name, core::Vrid(1), core::Family::ipv4};
  for (auto at = ids_.lower_bound(first); at != ids_.end() && at->first.interface == where.name; ++at) {
    const core::Router* const router = entries_.at(at->second).listens == where ? engine_.find(at->second) : nullptr;
    if (router == nullptr) {
      continue;
    }
    const std::uint8_t vrid = at->first.vrid.value();
    expected.vrids.set(vrid);
    expected.least_priority.at(vrid) = least_priority(*router);
    const auto& master = router->master();
    if (master &&
        std::find(expected.masters.begin(), expected.masters.end(), master->address) == expected.masters.end()) {
      expected.masters.push_back(master->address);
    }
  }
  return expected;
}

void Runtime::expect_anew(const Entry& entry) {
  if (entry.listens) {
    expectations_.insert(*entry.listens);
  }
}

// Once a turn, whatever has changed in it.
void Runtime::tell_expectations() {
  for (const core::Action& action : actions_) {
    if (!std::holds_alternative<core::Transitioned>(action.what)) {
      continue;
    }
    if (const auto known = entries_.find(action.router); known != entries_.end()) {
      expect_anew(known->second);
    }
  }
  for (const io::Receiver::Where& where : std::exchange(expectations_, {})) {
    receiver_.refresh(where);
  }
}

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/advert_receiver.h"

#include <algorithm>

#include "vrrpd/daemon/limits.h"

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

AdvertReceiver::AdvertReceiver(RuntimeContext& context, Handlers handlers)
    : context_(context),
      handlers_(std::move(handlers)),
      receiver_(context.loop, context.logger,
                {.on_packet = [this](const io::ReceivedPacket& packet) { return on_packet(packet); },
                 .on_batch_end = [this] { handlers_.on_batch(); },
                 .expected = [this](const io::Receiver::Where& where) { return expected_at(where); }}),
      authenticated_(
          context.loop, context.logger,
          [this](base::IfIndex interface, const base::IpAddress& source) { on_authenticated(interface, source); }),
      retry_timer_(context.loop, [this] { listen_again(); }) {}

// ---- sockets

// One socket serves all virtual routers of an interface and family. An IPv6 router without an address of the interface
// has none: when IPv6 ends on an interface (an MTU below 1280), the kernel forgets which groups were joined there, and
// a socket that is opened before it begins again hears nothing.
void AdvertReceiver::listen(core::RouterId id, std::optional<io::Receiver::Where> where) {
  RouterEntry& entry = context_.routers.at(id);
  if (entry.listens != where) {
    stop_listening(id, entry);
    if (where) {
      by_wire_.insert_or_assign(wire_key(where->interface, entry.key.family, entry.key.vrid), id);
      if (++sockets_[*where] == 1) {
        context_.log.listening(*where);
      }
    }
    entry.listens = std::move(where);
    expect_anew(entry);
  }
  const bool was_deaf = std::exchange(entry.deaf, false);
  if (entry.listens) {
    entry.deaf = !receiver_.listen(*entry.listens);  // always: it tries again what failed before
    authenticated_.listen();
  }
  if (entry.deaf && !was_deaf) {
    retry_timer_.set(event::monotonic_now() + kListenPause);
  }
}

// A filter goes on to let the VRID through: that is harmless.
void AdvertReceiver::stop_listening(core::RouterId id, const RouterEntry& entry) {
  if (!entry.listens) {
    return;
  }
  const auto on_wire = by_wire_.find(wire_key(entry.listens->interface, entry.key.family, entry.key.vrid));
  if (on_wire != by_wire_.end() && on_wire->second == id) {  // or two interfaces have exchanged their names
    by_wire_.erase(on_wire);
  }
  const auto socket = sockets_.find(*entry.listens);
  if (--socket->second == 0) {
    receiver_.close(socket->first);
    sockets_.erase(socket);
  }
}

// What keeps a socket from being opened (descriptors, memory, limits of the system) may end without a notification.
void AdvertReceiver::listen_again() {
  bool deaf = false;
  for (const auto& [key, id] : context_.routers.ids()) {
    if (context_.routers.at(id).deaf) {
      handlers_.on_deaf(id);
      deaf = deaf || context_.routers.at(id).deaf;
    }
  }
  handlers_.on_batch();
  if (deaf) {
    retry_timer_.set(event::monotonic_now() + kListenPause);
  }
}

// ---- packets

// A virtual router is found by VRID, family and the interface where the packet arrived (R23). Returns whether there is
// one.
bool AdvertReceiver::on_packet(const io::ReceivedPacket& packet) {
  const std::optional<core::Vrid> vrid = packet.content ? packet.content->fields.vrid : packet.content.error().vrid;
  const auto found = vrid ? by_wire_.find(wire_key(packet.interface, packet.family, *vrid)) : by_wire_.end();
  if (found == by_wire_.end()) {
    count_unattributed(packet);
    return false;
  }
  if (packet.content) {
    on_advert(found->second, packet);
  } else {
    const core::PacketRejected rejected{packet.content.error().reason, packet.ip.source};
    context_.engine.handle(found->second, rejected, packet.when, context_.actions);
  }
  return true;
}

void AdvertReceiver::on_advert(core::RouterId id, const io::ReceivedPacket& packet) {
  const RouterEntry& entry = context_.routers.at(id);
  context_.log.received(entry.key, *packet.content);
  const core::Router& router = *entry.router;
  const std::uint64_t valid = router.statistics().advertisements_received;
  const bool known = follows(router, packet.ip.source);
  context_.engine.handle(id, core::AdvertisementReceived{*packet.content}, packet.when, context_.actions);
  context_.touched.push_back(id);
  if (!known && follows(router, packet.ip.source)) {
    expect_anew(entry);
  }
  if (router.state() == core::State::master && packet.content->fields.priority != packet::kPriorityRelease &&
      router.statistics().advertisements_received != valid) {  // a better one would have ended that
    context_.log.lost(id, entry.key, *packet.content, router.effective_priority());
  }
}

void AdvertReceiver::on_authenticated(base::IfIndex interface, const base::IpAddress& source) {
  const io::Interface* const arrived = context_.interfaces().find(interface);
  if (arrived != nullptr && sockets_.contains({interface, arrived->link.name, base::Family::ipv4})) {
    context_.log.authenticated({interface, arrived->link.name}, source);
  }
}

void AdvertReceiver::count_unattributed(const io::ReceivedPacket& packet) {
  const io::Interface* const interface = context_.interfaces().find(packet.interface);
  if (interface == nullptr) {
    return;
  }
  const packet::Drop reason = packet.content ? packet::Drop::unknown_vrid : packet.content.error().reason;
  unattributed_[{interface->link.name, packet.family}].count(reason);
  context_.log.dropped({packet.interface, interface->link.name}, reason, packet.ip.source, packet.when);
}

const packet::DropCounters* AdvertReceiver::unattributed(const std::string& interface, base::Family family) const {
  const auto found = unattributed_.find({interface, family});
  return found == unattributed_.end() ? nullptr : &found->second;
}

// ---- floods

io::Expected AdvertReceiver::expected_at(const io::Receiver::Where& where) const {
  io::Expected expected;
  for (const core::RouterId id : context_.routers.on_interface(where.name)) {
    const RouterEntry& entry = context_.routers.at(id);
    if (entry.listens != where) {
      continue;
    }
    const std::uint8_t vrid = entry.key.vrid.value();
    expected.vrids.set(vrid);
    expected.least_priority.at(vrid) = least_priority(*entry.router);
    const auto& master = entry.router->master();
    if (master &&
        std::find(expected.masters.begin(), expected.masters.end(), master->address) == expected.masters.end()) {
      expected.masters.push_back(master->address);
    }
  }
  return expected;
}

void AdvertReceiver::expect_anew(const RouterEntry& entry) {
  if (entry.listens) {
    expectations_.insert(*entry.listens);
  }
}

// Once a turn, whatever has changed in it.
void AdvertReceiver::tell_expectations(const core::Actions& actions) {
  for (const core::Action& action : actions) {
    if (!std::holds_alternative<core::Transitioned>(action.what)) {
      continue;
    }
    if (const RouterEntry* const entry = context_.routers.look_up(action.router)) {
      expect_anew(*entry);
    }
  }
  for (const io::Receiver::Where& where : std::exchange(expectations_, {})) {
    receiver_.refresh(where);
  }
}

}  // namespace tandem::vrrpd::daemon

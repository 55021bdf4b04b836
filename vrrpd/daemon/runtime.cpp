// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/runtime.h"

#include <algorithm>

namespace tandem::vrrpd::daemon {
namespace {

std::uint64_t wire_key(base::IfIndex interface, base::Family family, core::Vrid vrid) {
  return (static_cast<std::uint64_t>(base::to_number(interface)) << 16U) | (static_cast<std::uint64_t>(family) << 8U) |
         vrid.value();
}

}  // namespace

base::Result<std::unique_ptr<Runtime>> Runtime::open(event::Loop& loop, log::Logger& logger,
                                                     io::DevicesOptions options) {
  auto sender = io::Sender::open(logger);
  if (!sender) {
    return base::Unexpected<base::Error>(sender.error());
  }
  std::unique_ptr<Runtime> runtime(new Runtime(loop, logger, std::move(*sender)));
  auto devices =
      io::Devices::open(loop, logger, std::move(options), [self = runtime.get()] { self->on_interfaces_changed(); });
  if (!devices) {
    return base::Unexpected<base::Error>(devices.error());
  }
  runtime->devices_ = std::move(*devices);
  return runtime;
}

Runtime::Runtime(event::Loop& loop, log::Logger& logger, std::unique_ptr<io::Sender> sender)
    : loop_(loop),
      logger_(logger),
      journal_(logger),
      sender_(std::move(sender)),
      receiver_(
          loop, logger, [this](const io::ReceivedPacket& packet) { on_packet(packet); }, [this] { carry_out(); }),
      timer_(loop, [this] { on_timer(); }) {}

void Runtime::apply(const std::vector<config::Change>& changes) {
  const base::TimePoint now = event::monotonic_now();
  for (const config::Change& what : changes) {
    journal_.planned(what);
    std::visit([&](const auto& each) { change(each, now); }, what);
  }
  carry_out();  // priority 0 and releases of what ended, before the macvlans go
  forget_removed();
  devices_->reconcile();
  refresh_listeners();
  // Creating macvlans takes its time: Master_Down_Interval begins when we can hear a Master.
  const base::TimePoint ready = event::monotonic_now();
  start_added(ready);
  refresh_statuses(ready);
  carry_out();
}

void Runtime::change(const config::RemoveRouter& change, base::TimePoint now) {
  const core::RouterId id = ids_.at(change.key);
  engine_.remove(id, now, actions_);
  ids_.erase(change.key);
  removed_.push_back(id);
}

void Runtime::forget_removed() {
  for (const core::RouterId id : removed_) {
    devices_->forget(id);
    journal_.forget(id);
    entries_.erase(id);
  }
  removed_.clear();
}

void Runtime::change(const config::AddRouter& change, base::TimePoint) {
  const core::RouterId id{next_id_++};
  ids_.emplace(change.key, id);
  entries_.emplace(id, Entry{change.key, change.group.addresses(change.key.family)});
  want_device(id, false);
  added_.emplace_back(id, change.group);
}

void Runtime::change(const config::ChangeRouter& change, base::TimePoint now) {
  const core::RouterId id = ids_.at(change.key);
  entries_.at(id).prefixes = change.group.addresses(change.key.family);
  engine_.handle(id, core::Configured{config::router_config(change.group, change.key.family)}, now, actions_);
  if (engine_.find(id)->state() == core::State::master) {
    want_device(id, true);  // the prefix lengths may be all that changed: the core does not know them
  }
}

void Runtime::start_added(base::TimePoint now) {
  for (const auto& [id, group] : added_) {
    const config::RouterKey& key = entries_.at(id).key;
    engine_.add(id, config::router_config(group, key.family), status_of(key), now, actions_);
  }
  added_.clear();
}

void Runtime::stop() {
  const base::TimePoint now = event::monotonic_now();
  for (const auto& [key, id] : ids_) {
    engine_.handle(id, core::StopRequested{}, now, actions_);
  }
  carry_out();
  devices_->release_all();
}

core::InterfaceStatus Runtime::status_of(const config::RouterKey& key) const {
  return io::status_of(devices_->interfaces(), key.interface, key.vrid, key.family);
}

void Runtime::want_device(core::RouterId id, bool claimed) {
  const Entry& entry = entries_.at(id);
  devices_->want(id, {.interface = entry.key.interface,
                      .vrid = entry.key.vrid,
                      .family = entry.key.family,
                      .claimed = claimed,
                      .addresses = entry.prefixes});
}

void Runtime::on_interfaces_changed() {
  devices_->reconcile();
  refresh_statuses(event::monotonic_now());
  refresh_listeners();
  carry_out();
}

void Runtime::refresh_statuses(base::TimePoint now) {
  by_wire_.clear();
  for (const auto& [key, id] : ids_) {
    core::InterfaceStatus status = status_of(key);
    if (const io::Interface* interface = devices_->interfaces().find(key.interface)) {
      by_wire_.emplace(wire_key(interface->link.index, key.family, key.vrid), id);
    }
    if (status != engine_.find(id)->interface_status()) {
      journal_.interface_changed(key, status);
      engine_.handle(id, core::InterfaceChanged{std::move(status)}, now, actions_);
    }
  }
}

void Runtime::refresh_listeners() {
  std::set<io::Receiver::Where> where;
  for (const auto& [key, id] : ids_) {
    if (const io::Interface* interface = devices_->interfaces().find(key.interface)) {
      where.insert({interface->link.index, key.interface, key.family});
    }
  }
  for (const io::Receiver::Where& one : where) {
    if (!listening_on_.contains(one)) {
      journal_.listening(one);
    }
  }
  receiver_.listen_on({where.begin(), where.end()});  // always: it tries again what failed before
  listening_on_ = std::move(where);
}

void Runtime::on_packet(const io::ReceivedPacket& packet) {
  const bool accepted = packet.content.has_value();
  const std::optional<core::Vrid> vrid = accepted ? packet.content->fields.vrid : packet.content.error().vrid;
  const auto found = vrid ? by_wire_.find(wire_key(packet.interface, packet.family, *vrid)) : by_wire_.end();
  if (found == by_wire_.end()) {
    count_unattributed(packet);
    return;
  }
  if (!accepted) {
    const core::PacketRejected rejected{packet.content.error().reason, packet.ip.source};
    engine_.handle(found->second, rejected, packet.when, actions_);
    return;
  }
  journal_.received(entries_.at(found->second).key, *packet.content);
  engine_.handle(found->second, core::AdvertisementReceived{*packet.content}, packet.when, actions_);
}

void Runtime::count_unattributed(const io::ReceivedPacket& packet) {
  const io::Interface* interface = devices_->interfaces().find(packet.interface);
  if (interface == nullptr) {
    return;
  }
  const packet::Drop reason = packet.content ? packet::Drop::unknown_vrid : packet.content.error().reason;
  unattributed_[{interface->link.name, packet.family}].count(reason);
  journal_.dropped(interface->link.name, reason, packet.ip.source, packet.when);
}

void Runtime::on_timer() {
  engine_.advance(event::monotonic_now(), actions_);
  carry_out();
}

void Runtime::queue_advertisement(const core::Action& action, const core::SendAdvertisement& send) {
  const config::RouterKey& key = entries_.at(action.router).key;
  if (const io::Interface* interface = devices_->interfaces().find(key.interface)) {
    sender_->queue(interface->link.index,
                   packet::advertisement_frame(send.advertisement, send.source, *send.addresses, frame_));
    journal_.sent(key, send);
  }
}

void Runtime::queue_announcement(const core::Action& action, const core::Announce& announce) {
  const config::RouterKey& key = entries_.at(action.router).key;
  const io::Interface* parent = devices_->interfaces().find(key.interface);
  const io::Interface* device = devices_->interfaces().find(devices_->device_of(action.router));
  if (parent == nullptr || device == nullptr) {
    return;
  }
  const base::MacAddress mac = packet::virtual_mac(key.vrid, key.family);
  for (const base::IpAddress& address : *announce.addresses) {
    const bool owned = std::any_of(device->addresses.begin(), device->addresses.end(),
                                   [&](const netlink::Address& a) { return a.prefix.address == address; });
    if (!owned) {
      continue;  // the kernel refused it: Devices said so
    }
    sender_->queue(parent->link.index, key.family == base::Family::ipv4
                                           ? packet::gratuitous_arp_frame(address, mac, frame_)
                                           : packet::neighbour_advertisement_frame(address, mac, frame_));
    journal_.announced(key, address);
  }
}

void Runtime::carry_out() {
  bool ownership_changed = false;
  for (const core::Action& action : actions_) {
    if (const auto* send = std::get_if<core::SendAdvertisement>(&action.what)) {
      queue_advertisement(action, *send);
    } else if (const auto* ownership = std::get_if<core::OwnershipChanged>(&action.what)) {
      want_device(action.router, ownership->claimed);
      ownership_changed = true;
    }
  }
  sender_->flush();
  if (ownership_changed) {
    devices_->reconcile();
  }
  const base::TimePoint now = event::monotonic_now();
  for (const core::Action& action : actions_) {
    if (const auto* announce = std::get_if<core::Announce>(&action.what)) {
      queue_announcement(action, *announce);
    }
  }
  sender_->flush();
  for (const core::Action& action : actions_) {
    if (const auto* transitioned = std::get_if<core::Transitioned>(&action.what)) {
      const config::RouterKey& key = entries_.at(action.router).key;
      journal_.transition(action.router, key, transitioned->transition);
      if (const core::Router* router = engine_.find(action.router)) {
        journal_.timers(key, *router);
      }
    } else if (const auto* noticed = std::get_if<core::Noticed>(&action.what)) {
      journal_.notice(entries_.at(action.router).key, *noticed, now);
    }
  }
  actions_.clear();
  if (const auto deadline = engine_.next_deadline()) {
    timer_.set(*deadline);
  } else {
    timer_.cancel();
  }
}

mgmt::RouterView Runtime::view(const config::RouterKey& key, const config::Group& group) const {
  mgmt::RouterView view;
  view.family = key.family;
  view.virtual_mac = packet::virtual_mac(key.vrid, key.family);
  view.primary = status_of(key).primary;
  view.effective_priority = group.priority;
  const auto found = ids_.find(key);
  if (found == ids_.end()) {
    return view;
  }
  const core::RouterId id = found->second;
  const core::Router& router = *engine_.find(id);
  view.exists = true;
  if (const io::Interface* device = devices_->interfaces().find(devices_->device_of(id))) {
    view.device = device->link.name;
  }
  view.state = router.state();
  view.initialize_reason = router.initialize_reason();
  view.effective_priority = router.effective_priority();
  view.master_advertisement_interval = router.master_advertisement_interval();
  view.skew_time = router.current_skew_time();
  view.master_down_interval = router.current_master_down_interval();
  view.checksum_with_pseudoheader = router.checksum_sent() == packet::ChecksumForm::pseudoheader;
  view.master = router.master();
  if (const mgmt::LastTransition* last = journal_.last(id)) {
    view.last_transition = *last;
  }
  view.statistics = router.statistics();
  if (const auto drops = unattributed_.find({key.interface, key.family}); drops != unattributed_.end()) {
    view.statistics.drops += drops->second;
  }
  view.addresses = *router.config().addresses;
  return view;
}

void Runtime::clear_statistics(const config::RouterKey& key) {
  if (const auto found = ids_.find(key); found != ids_.end()) {
    engine_.clear_statistics(found->second);
    unattributed_.erase({key.interface, key.family});
  }
}

}  // namespace tandem::vrrpd::daemon

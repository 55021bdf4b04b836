// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/runtime.h"

#include <algorithm>

#include "lib/event/boot.h"
#include "vrrpd/daemon/limits.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::daemon {
namespace {

// What the virtual router of one family is to tell hosts: IPv4 has nothing of the kind.
std::optional<config::RouterAdvertisement> advertised_by(const config::RouterKey& key, const config::Group& group) {
  return key.family == core::Family::ipv6 ? group.router_advertisement : std::nullopt;
}

std::size_t advert_size(const core::RouterConfig& config) {
  constexpr std::size_t kIpv4Header = 20;
  constexpr std::size_t kIpv6Header = 40;
  const packet::Version largest = config.also_version_2 ? packet::Version::v2 : config.version;
  return (config.family == core::Family::ipv4 ? kIpv4Header : kIpv6Header) +
         packet::encoded_size(largest, config.family, config.addresses->size());
}

io::DesiredDevice::Macvlan macvlan_of(const config::Group& group) {
  return group.autoconfigured ? io::DesiredDevice::Macvlan::followed : io::DesiredDevice::Macvlan::made;
}

}  // namespace

base::Result<std::unique_ptr<Runtime>> Runtime::open(event::Loop& loop, log::Logger& logger, Checkpoint& checkpoint,
                                                     Options options) {
  auto sender = TANDEM_TRY(io::Sender::open(logger, options.packet_socket));
  std::unique_ptr<Runtime> runtime(new Runtime(loop, logger, checkpoint, std::move(sender)));
  runtime->devices_ = TANDEM_TRY(
      io::Devices::open(loop, logger, std::move(options.devices),
                        [self = runtime.get()](const io::DeviceChanges& changes) { self->on_changes(changes); }));
  runtime->router_advertiser_.use(*runtime->devices_);
  io::DeviceChanges all;
  all.all_interfaces = true;
  runtime->look_at_links(all, event::monotonic_now());
  return runtime;
}

Runtime::Runtime(event::Loop& loop, log::Logger& logger, Checkpoint& checkpoint, std::unique_ptr<io::Sender> sender)
    : journal_(loop, logger),
      sender_(std::move(sender)),
      receiver_(loop, logger,
                {.on_packet = [this](const io::ReceivedPacket& packet) { return on_packet(packet); },
                 .on_batch_end = [this] { carry_out(); },
                 .expected = [this](const io::Receiver::Where& where) { return expected_at(where); }}),
      authenticated_(
          loop, logger,
          [this](base::IfIndex interface, const base::IpAddress& source) { on_authenticated(interface, source); }),
      router_advertiser_(loop, logger, *sender_),
      timer_(loop, [this] { on_timer(); }),
      checkpoint_(checkpoint),
      beat_(loop, [this] { on_beat(); }),
      waiters_timer_(loop, [this] { look_at_waiters(); }),
      listen_timer_(loop, [this] { listen_again(); }),
      standstill_timer_(loop, [this] { report_standstill(); }),
      unserved_(loop, logger, [this](core::RouterId id) { on_unserved(id); }),
      booted_(event::boot()),
      self_tester_(loop, logger, self_test_handlers()) {}

void Runtime::apply(std::span<const config::Change> changes) {
  const base::TimePoint now = event::monotonic_now();
  for (const config::Change& what : changes) {
    journal_.planned(what);
    std::visit([&](const auto& each) { change(each, now); }, what);
  }
  carry_out();  // priority 0 and releases of what ended, before it is forgotten
  forget_removed();
}

void Runtime::start() { devices_->start(); }

void Runtime::change(const config::RemoveRouter& change, base::TimePoint now) {
  const core::RouterId id = ids_.at(change.key);
  engine_.remove(id, now, actions_);
  entries_.at(id).router = nullptr;
  ids_.erase(change.key);
  removed_.push_back(id);
}

void Runtime::forget_removed() {
  for (const core::RouterId id : removed_) {
    router_advertiser_.stop(id);
    devices_->forget(id);
    listen(id, entries_.at(id), std::nullopt);
    if (const auto place = entries_.at(id).place) {
      checkpoint_.remove(*place);
    }
    journal_.forget(id);
    standstill_.forget(id);
    unserved_.pardon(id);
    self_tester_.end(id);
    entries_.erase(id);
  }
  removed_.clear();
}

void Runtime::change(const config::AddRouter& change, base::TimePoint now) {
  const core::RouterId id = enter(change);
  Entry& entry = entries_.at(id);
  drop_resignations(entry);
  want_device(id, false);
  engine_.add(id, config::router_config(change.group, change.key.family), status_of(id, entry), now, actions_);
  entry.router = engine_.find(id);
  touched_.push_back(id);
  refresh(id, now);
}

core::RouterId Runtime::enter(const config::AddRouter& change) {
  const core::RouterId id{next_id_++};
  ids_.emplace(change.key, id);
  entries_.emplace(id, Entry{.key = change.key,
                             .router_advertisement = advertised_by(change.key, change.group),
                             .prefixes = change.group.addresses(change.key.family),
                             .startup_delay = change.group.startup_delay,
                             .vrf = change.group.vrf,
                             .macvlan = macvlan_of(change.group),
                             .advert_size = advert_size(config::router_config(change.group, change.key.family)),
                             .place = checkpoint_.add(change.key),
                             .past = &journal_.add(id)});
  return id;
}

void Runtime::change(const config::ChangeRouter& change, base::TimePoint now) {
  const core::RouterId id = ids_.at(change.key);
  Entry& entry = entries_.at(id);
  entry.prefixes = change.group.addresses(change.key.family);
  bool status_changes = std::exchange(entry.vrf, change.group.vrf) != change.group.vrf;
  status_changes |= std::exchange(entry.startup_delay, change.group.startup_delay) != change.group.startup_delay;
  entry.macvlan = macvlan_of(change.group);
  entry.refused_before = devices_->outcome(id).state == io::Outcome::State::refused;
  const core::RouterConfig config = config::router_config(change.group, change.key.family);
  entry.advert_size = advert_size(config);
  unserved_.pardon(id);
  engine_.handle(id, core::Configured{config}, now, actions_);
  expect_anew(entry);
  touched_.push_back(id);
  // Also of a Backup: what the kernel would refuse to its Master is refused now.
  want_device(id, engine_.find(id)->state() == core::State::master);
  refresh_router_advertisements(id, change.group);
  if (status_changes) {
    refresh(id, now);
  }
}

// Of a Master whose settings or addresses may have changed.
void Runtime::refresh_router_advertisements(core::RouterId id, const config::Group& group) {
  Entry& entry = entries_.at(id);
  entry.router_advertisement = advertised_by(entry.key, group);
  if (engine_.find(id)->state() != core::State::master) {
    return;
  }
  if (entry.router_advertisement) {
    router_advertiser_.advertise(id, {entry.key, entry.prefixes.front().address, *entry.router_advertisement});
  } else {
    router_advertiser_.withdraw(id);
  }
}

void Runtime::stop() {
  self_tester_.stop();
  const base::TimePoint now = event::monotonic_now();
  for (const auto& [key, id] : ids_) {
    engine_.handle(id, core::StopRequested{}, now, actions_);
  }
  carry_out();
  engine_.stop_recording();
  devices_->release_all();
}

// While a macvlan is worked on, what was counts: one that another program has damaged and that is healed at once is no
// event for the protocol.
core::InterfaceStatus Runtime::status_of(core::RouterId id, const Entry& entry) const {
  core::InterfaceStatus status = status_in(entry.key, entry.vrf);
  status.counts_from = counts_from(entry.key, entry.startup_delay);
  if (devices_->outcome(id).lasting) {
    status.device_ready = false;
  } else if (!devices_->outcome(id).settled()) {
    const core::Router* const router = engine_.find(id);
    status.device_ready = router != nullptr && router->interface_status().device_ready;
  } else if (!can_serve(id)) {
    status.device_ready = false;
  }
  return status;
}

core::InterfaceStatus Runtime::status_in(const config::RouterKey& key, std::string_view vrf) const {
  const io::InterfaceTable& interfaces = devices_->interfaces();
  core::InterfaceStatus status = io::status_of(interfaces, key.interface, key.vrid, key.family);
  if (status.present && !io::is_in_vrf(interfaces, key.interface, vrf)) {
    status = {};
    status.present = true;
    status.other_vrf = true;
  }
  return status;
}

void Runtime::want_device(core::RouterId id, bool claimed) {
  claimed ? self_tester_.begin(id) : self_tester_.end(id);
  const Entry& entry = entries_.at(id);
  devices_->want(id, {.interface = entry.key.interface,
                      .vrid = entry.key.vrid,
                      .family = entry.key.family,
                      .claimed = claimed,
                      .addresses = entry.prefixes,
                      .macvlan = entry.macvlan,
                      .advert_size = entry.advert_size});
}

void Runtime::on_changes(const io::DeviceChanges& changes) {
  settlements_ += changes.routers.size();
  const base::TimePoint now = event::monotonic_now();
  look_at_links(changes, now);
  for (const base::IfIndex interface : changes.ipv6_disturbed) {
    receiver_.join_again(interface);
  }
  if (changes.all_interfaces) {
    receiver_.join_again();
    for (const auto& [key, id] : ids_) {
      refresh(id, now);
    }
  } else {
    for (const std::string& name : changes.interfaces) {
      refresh_interface(name, now);
    }
  }
  for (const core::RouterId id : changes.routers) {
    judge_service(id, entries_.at(id).key, now);
    refresh(id, now);
    announce(id);
    waiters_.note_progress(now);
  }
  carry_out();
  report_surroundings(changes);
  look_at_waiters();
  if (changes.foreign_macvlans && foreign_macvlans_changed_) {
    foreign_macvlans_changed_();
  }
}

// Not for every mastership: those come by the hundred, and the filter does not go by them.
void Runtime::report_surroundings(const io::DeviceChanges& changes) const {
  const auto refused = [this](core::RouterId id) { return devices_->outcome(id).state == io::Outcome::State::refused; };
  if (tell_surroundings_ && (changes.all_interfaces || !changes.interfaces.empty() ||
                             std::any_of(changes.routers.begin(), changes.routers.end(), refused))) {
    tell_surroundings_();
  }
}

std::string Runtime::device_name(const config::RouterKey& key) const {
  const io::Interface* const parent = devices_->interfaces().find(key.interface);
  if (parent == nullptr) {
    return {};
  }
  const io::Interface* const device =
      devices_->interfaces().macvlan(parent->link.index, packet::virtual_mac(key.vrid, key.family));
  return device == nullptr ? io::device_name(parent->link.name, key.vrid, key.family) : device->link.name;
}

bool Runtime::is_refused(const config::RouterKey& key) const {
  const auto found = ids_.find(key);
  return found != ids_.end() && (devices_->outcome(found->second).state == io::Outcome::State::refused ||
                                 status_in(key, entries_.at(found->second).vrf).other_vrf);
}

void Runtime::refresh_interface(const std::string& name, base::TimePoint now) {
  const config::RouterKey first{name, core::Vrid(1), core::Family::ipv4};
  for (auto at = ids_.lower_bound(first); at != ids_.end() && at->first.interface == name; ++at) {
    unserved_.pardon(at->second);
    refresh(at->second, now);
  }
}

void Runtime::refresh(core::RouterId id, base::TimePoint now) {
  Entry& entry = entries_.at(id);
  core::InterfaceStatus status = status_of(id, entry);
  const io::Interface* const interface = devices_->interfaces().find(entry.key.interface);
  entry.parent = interface == nullptr ? std::nullopt : std::optional(interface->link.index);
  entry.link = interface == nullptr ? checkpoint::LinkUp() : link_times_.of(interface->link.index);
  const bool hears = interface != nullptr && (entry.key.family == core::Family::ipv4 || status.primary);
  listen(id, entry,
         hears ? std::optional(io::Receiver::Where{interface->link.index, entry.key.interface, entry.key.family})
               : std::nullopt);
  status.device_ready = status.device_ready && !entry.deaf;  // it would hear no Master, and become one
  if (status != engine_.find(id)->interface_status()) {
    journal_.interface_changed(entry.key, status);
    engine_.handle(id, core::InterfaceChanged{std::move(status)}, now, actions_);
    touched_.push_back(id);
  }
}

// ---- the wire

void Runtime::on_timer() {
  const base::TimePoint now = event::monotonic_now();
  wakeups_.woken(now);
  engine_.advance(now, actions_);
  carry_out();
}

void Runtime::queue_advertisement(const core::Action& action, const core::SendAdvertisement& send) {
  Entry& entry = entries_.at(action.router);
  if (entry.parent) {
    sender_->queue(*entry.parent,
                   packet::advertisement_frame(send.advertisement, send.source, *send.addresses, frame_));
    journal_.sent(entry.key, send);
    prepare_resignation(entry, *entry.parent, send);
  }
}

void Runtime::queue_announcement(const Entry& entry, const io::Interface& device, const core::AddressList& addresses) {
  const base::MacAddress mac = packet::virtual_mac(entry.key.vrid, entry.key.family);
  for (const base::IpAddress& address : *addresses) {
    const bool owned = std::any_of(device.addresses.begin(), device.addresses.end(),
                                   [&](const netlink::Address& a) { return a.prefix.address == address; });
    if (!owned) {
      continue;  // the kernel refused it: Devices said so
    }
    sender_->queue(devices_->interfaces().parent_of(device.link),
                   entry.key.family == base::Family::ipv4
                       ? packet::gratuitous_arp_frame(address, mac, frame_)
                       : packet::neighbour_advertisement_frame(address, mac, frame_));
    journal_.announced(entry.key, address);
  }
}

// What the kernel owns by now; what it is still at work on is announced when it is done.
void Runtime::announce(core::RouterId id) {
  Entry& entry = entries_.at(id);
  if (entry.to_announce.empty() || !devices_->outcome(id).settled()) {
    return;
  }
  const io::Interface* const device = devices_->interfaces().find(devices_->device_of(id));
  for (const core::AddressList& addresses : std::exchange(entry.to_announce, {})) {
    if (device != nullptr) {
      queue_announcement(entry, *device, addresses);
    }
  }
}

// A router that lets go has nothing to announce any more.
void Runtime::act_on_ownership() {
  bool changed = false;
  for (const core::Action& action : actions_) {
    if (const auto* ownership = std::get_if<core::OwnershipChanged>(&action.what)) {
      want_device(action.router, ownership->claimed);
      changed = true;
      if (!ownership->claimed) {
        entries_.at(action.router).to_announce.clear();
        drop_resignations(entries_.at(action.router));
      }
    } else if (const auto* announcement = std::get_if<core::Announce>(&action.what)) {
      entries_.at(action.router).to_announce.push_back(announcement->addresses);
    }
  }
  if (changed) {
    devices_->act();
  }
}

void Runtime::carry_out() {
  remember();
  for (const core::Action& action : actions_) {
    if (const auto* send = std::get_if<core::SendAdvertisement>(&action.what)) {
      queue_advertisement(action, *send);
    }
  }
  sender_->flush();
  act_on_ownership();
  for (const core::Action& action : actions_) {
    if (std::holds_alternative<core::Announce>(action.what)) {
      announce(action.router);
    }
  }
  sender_->flush();
  follow_transitions();
  log_actions();
  tell_expectations();
  actions_.clear();
  if (const auto deadline = engine_.next_deadline()) {
    timer_.set(wakeups_.wake_at(*deadline));
  } else {
    timer_.cancel();
  }
}

// Router advertisements are the Master's (R55), and no other router's (R41).
void Runtime::follow_transitions() {
  for (const core::Action& action : actions_) {
    const auto* transitioned = std::get_if<core::Transitioned>(&action.what);
    const auto known = transitioned == nullptr ? entries_.end() : entries_.find(action.router);
    if (known == entries_.end() || !known->second.router_advertisement) {
      continue;
    }
    const Entry& entry = known->second;
    if (transitioned->transition.to == core::State::master) {
      router_advertiser_.advertise(action.router,
                                   {entry.key, entry.prefixes.front().address, *entry.router_advertisement});
    } else {
      router_advertiser_.stop(action.router);
    }
  }
}

void Runtime::log_actions() {
  const base::TimePoint now = event::monotonic_now();
  for (const core::Action& action : actions_) {
    if (const auto* transitioned = std::get_if<core::Transitioned>(&action.what)) {
      const config::RouterKey& key = entries_.at(action.router).key;
      journal_.transition(action.router, key, transitioned->transition);
      if (transitioned->transition.cause == core::Cause::initialize) {
        standstill_.say(action.router, core::describe(transitioned->transition.initialize_reason, key.interface), now);
      }
      if (const core::Router* router = engine_.find(action.router)) {
        journal_.timers(key, *router);
      }
    } else if (const auto* change = std::get_if<core::HeldBack>(&action.what)) {
      log_startup_delay(action.router, change->held, now);
    } else if (const auto* noticed = std::get_if<core::Noticed>(&action.what)) {
      journal_.notice(action.router, entries_.at(action.router).key, *noticed, now);
    }
  }
}

mgmt::RouterView Runtime::view(const config::RouterKey& key, const config::Group& group) const {
  mgmt::RouterView view;
  view.family = key.family;
  view.virtual_mac = packet::virtual_mac(key.vrid, key.family);
  view.primary = status_in(key, group.vrf).primary;
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
  view.hindrance = hindrance(id);
  view.warnings = warnings(id);
  view.effective_priority = router.effective_priority();
  view.master_advertisement_interval = router.master_advertisement_interval();
  view.skew_time = router.current_skew_time();
  view.master_down_interval = router.current_master_down_interval();
  view.checksum_with_pseudoheader = router.checksum_sent() == packet::ChecksumForm::pseudoheader;
  view.master = router.master();
  if (const auto until = router.held_until()) {
    view.startup_delay_left = *until - event::monotonic_now();
  }
  const Journal::Past& past = journal_.past(id);
  view.since = past.since;
  if (!past.transitions.empty()) {
    view.last_transition = past.transitions.back();
  }
  view.statistics = router.statistics();
  if (const auto drops = unattributed_.find({key.interface, key.family}); drops != unattributed_.end()) {
    view.statistics.drops += drops->second;
  }
  view.addresses = *router.config().addresses;
  return view;
}

std::vector<mgmt::PastTransition> Runtime::history(const config::RouterKey& key) const {
  const auto found = ids_.find(key);
  return found == ids_.end() ? std::vector<mgmt::PastTransition>() : journal_.past(found->second).transitions;
}

void Runtime::start_recording(std::function<bool(std::string text)> take) {
  engine_.record(
      {.take = std::move(take), .name_of = [this](core::RouterId id) { return name_of(entries_.at(id).key); }},
      event::monotonic_now());
}

void Runtime::include_in_recording(std::span<const config::RouterKey> routers) {
  std::vector<core::RouterId> ids;
  for (const config::RouterKey& key : routers) {
    if (const auto found = ids_.find(key); found != ids_.end()) {
      ids.push_back(found->second);
    }
  }
  engine_.include(ids, event::monotonic_now());
}

void Runtime::clear_statistics(const config::RouterKey& key) {
  if (const auto found = ids_.find(key); found != ids_.end()) {
    engine_.set_statistics(found->second, {});
    unattributed_.erase({key.interface, key.family});
  }
}

}  // namespace tandem::vrrpd::daemon

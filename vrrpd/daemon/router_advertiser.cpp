// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/router_advertiser.h"

#include <algorithm>

namespace tandem::vrrpd::daemon {
namespace {

// The routers of a LAN should not advertise in step (RFC 4861 §6.2.4).
std::uint32_t seed_of(const config::RouterKey& key, base::IfIndex parent) {
  return (base::to_number(parent) << 8U) | key.vrid.value();
}

}  // namespace

RouterAdvertiser::RouterAdvertiser(event::Loop& loop, log::Logger& logger, net::Sender& sender)
    : sender_(sender),
      solicitations_(loop, logger, [this](base::IfIndex interface) { on_solicitation(interface); }),
      timer_(loop, [this] { on_timer(); }) {}

void RouterAdvertiser::advertise(core::RouterId id, Subject subject) {
  if (const auto known = entries_.find(id); known != entries_.end() && known->second.subject == subject) {
    return;
  }
  stop(id);
  const io::Interface* const parent = devices_->interfaces().find(subject.key.interface);
  if (parent == nullptr) {
    return;
  }
  const base::IfIndex index = parent->link.index;
  const core::RouterAdvertisementSchedule schedule(seed_of(subject.key, index), subject.settings.interval,
                                                   event::monotonic_now());
  entries_.insert_or_assign(id, Entry{std::move(subject), schedule, index});
  deadlines_.emplace(schedule.deadline(), id);
  on_parent_[index].insert(id);
  solicitations_.listen(index);
  set_timer();
}

void RouterAdvertiser::stop(core::RouterId id) {
  const auto known = entries_.find(id);
  if (known == entries_.end()) {
    return;
  }
  const base::IfIndex parent = known->second.parent;
  deadlines_.erase({known->second.schedule.deadline(), id});
  entries_.erase(known);
  const auto others = on_parent_.find(parent);
  others->second.erase(id);
  if (others->second.empty()) {
    on_parent_.erase(others);
    solicitations_.close(parent);
  }
}

template <class Change>
void RouterAdvertiser::reschedule(core::RouterId id, const Change& change) {
  core::RouterAdvertisementSchedule& schedule = entries_.at(id).schedule;
  deadlines_.erase({schedule.deadline(), id});
  change(schedule);
  deadlines_.emplace(schedule.deadline(), id);
}

void RouterAdvertiser::withdraw(core::RouterId id) {
  if (const auto known = entries_.find(id); known != entries_.end()) {
    send(id, known->second, std::chrono::seconds::zero());  // RFC 4861 §6.2.5
    sender_.flush();
    stop(id);
  }
}

void RouterAdvertiser::on_timer() {
  const base::TimePoint now = event::monotonic_now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const core::RouterId id = deadlines_.begin()->second;
    const Entry& entry = entries_.at(id);
    const bool sent = send(id, entry, entry.subject.settings.lifetime);
    reschedule(id, [&](core::RouterAdvertisementSchedule& schedule) {  // for later than now
      sent ? schedule.sent(now) : schedule.postpone(now);
    });
  }
  sender_.flush();
  set_timer();
}

void RouterAdvertiser::on_solicitation(base::IfIndex interface) {
  const base::TimePoint now = event::monotonic_now();
  if (const auto asked = on_parent_.find(interface); asked != on_parent_.end()) {
    for (const core::RouterId id : asked->second) {
      reschedule(id, [now](core::RouterAdvertisementSchedule& schedule) { schedule.solicited(now); });
    }
  }
  set_timer();
}

// Not before the kernel owns the address that it comes from: hosts would ask for it in vain (RFC 9568 §8.2.2).
bool RouterAdvertiser::send(core::RouterId id, const Entry& entry, std::chrono::seconds lifetime) {
  const io::Interface* const parent = devices_->interfaces().find(entry.parent);
  const io::Interface* const device = devices_->interfaces().find(devices_->device_of(id));
  const Subject& subject = entry.subject;
  if (parent == nullptr || device == nullptr ||
      std::none_of(device->addresses.begin(), device->addresses.end(),
                   [&](const netlink::Address& a) { return a.prefix.address == subject.source; })) {
    return false;
  }
  packet::FrameBuffer buffer{};
  const packet::RouterAdvertisement advertisement{lifetime, subject.settings.managed, subject.settings.other};
  sender_.queue(entry.parent,
                packet::router_advertisement_frame(advertisement, subject.source,
                                                   packet::virtual_mac(subject.key.vrid, base::Family::ipv6),
                                                   prefixes_on(*parent), buffer));
  return true;
}

// Those of the parent's own addresses: the LAN's. Host prefixes say nothing about a LAN.
std::vector<base::IpPrefix> RouterAdvertiser::prefixes_on(const io::Interface& parent) const {
  std::vector<base::IpPrefix> prefixes;
  for (const netlink::Address& address : parent.addresses) {
    const base::IpPrefix& prefix = address.prefix;
    const bool announced = std::any_of(prefixes.begin(), prefixes.end(), [&](const base::IpPrefix& other) {
      return other.length == prefix.length && other.contains(prefix.address);
    });
    if (prefix.address.family() == base::Family::ipv6 && !prefix.address.is_link_local() && prefix.length < 128 &&
        !announced && prefixes.size() < packet::kMaxAdvertisedPrefixes) {
      prefixes.push_back(prefix);
    }
  }
  return prefixes;
}

void RouterAdvertiser::set_timer() {
  if (deadlines_.empty()) {
    timer_.cancel();
  } else {
    timer_.set(deadlines_.begin()->first);
  }
}

}  // namespace tandem::vrrpd::daemon

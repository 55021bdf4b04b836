// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/journal.h"

#include "lib/event/loop.h"
#include "vrrpd/core/limits.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {
namespace {

// One line per kind of trouble, object and peer each ten seconds is enough to see it and too little to fill a disk
// (R34).
constexpr base::Duration kInterval = std::chrono::seconds(10);
constexpr std::size_t kMaxKeys = 4096;

std::string reason_of(const config::RouterKey& key, const core::Transition& transition) {
  return transition.cause == core::Cause::initialize ? core::describe(transition.initialize_reason, key.interface)
                                                     : std::string(core::to_string(transition.cause));
}

std::string peer_of(const core::Transition& transition) {
  return transition.peer ? fmt::format(" ({}, priority {})", transition.peer->to_string(), transition.peer_priority)
                         : std::string();
}

std::string suppressed_text(std::uint64_t suppressed) {
  return suppressed == 0 ? std::string() : fmt::format(" ({} more like this)", suppressed);
}

}  // namespace

std::string name_of(const config::RouterKey& key) {
  return fmt::format("vrrp {} on {} ({})", key.vrid.value(), key.interface, base::to_string(key.family));
}

Journal::Journal(event::Loop& loop, log::Logger& logger)
    : logger_(logger), limit_(kInterval, kMaxKeys), transition_timer_(loop, [this] { sum_up(); }) {}

void Journal::add(core::RouterId id) { past_[id] = {event::wall_now(), {}}; }

void Journal::forget(core::RouterId id) {
  past_.erase(id);
  transition_limit_.forget(id);
  deaf_peer_.forget(id);
}

void Journal::transition(core::RouterId id, const config::RouterKey& key, const core::Transition& transition) {
  Past& past = past_.at(id);
  past.since = event::wall_now();
  if (past.transitions.size() == core::kHistoryLength) {
    past.transitions.erase(past.transitions.begin());
  }
  past.transitions.push_back({past.since, transition});
  if (transition_limit_.pass(id, event::monotonic_now())) {
    logger_.write<kTransition>(name_of(key), core::to_string(transition.from), core::to_string(transition.to),
                               reason_of(key, transition), peer_of(transition));
    return;
  }
  past.name = name_of(key);
  transition_timer_.set(*transition_limit_.deadline());
}

void Journal::sum_up() {
  for (const TransitionLimit::Summary& summary : transition_limit_.take_due(event::monotonic_now())) {
    const Past& past = past_.at(summary.id);
    logger_.write<kTransitionsSummedUp>(past.name, summary.count,
                                        std::chrono::round<std::chrono::seconds>(summary.span).count(),
                                        core::to_string(past.transitions.back().transition.to));
  }
  if (const auto deadline = transition_limit_.deadline()) {
    transition_timer_.set(*deadline);
  }
}

void Journal::notice(const config::RouterKey& key, const core::Noticed& noticed, base::TimePoint now) {
  const std::string name = name_of(key);
  const std::string peer = noticed.peer.to_string();
  const auto suppressed = limit_.pass(
      fmt::format("{} {} {} {}", name, static_cast<int>(noticed.notice), static_cast<int>(noticed.drop), peer), now);
  if (!suppressed) {
    return;
  }
  const std::string more = suppressed_text(*suppressed);
  switch (noticed.notice) {
    case core::Notice::packet_dropped:
      return logger_.write<kPacketDropped>(name, peer, packet::info(noticed.drop).description, more);
    case core::Notice::interval_mismatch:
      return logger_.write<kIntervalMismatch>(name, peer, more);
    case core::Notice::address_list_mismatch:
      return logger_.write<kAddressListMismatch>(name, peer, more);
    case core::Notice::owner_conflict:
      return logger_.write<kOwnerConflict>(name, peer, more);
    case core::Notice::equal_priority:
      return logger_.write<kEqualPriority>(name, peer, more);
    case core::Notice::checksum_form_changed:
      return logger_.write<kChecksumForm>(name, peer, more);
    case core::Notice::no_version_2:
      return logger_.write<kNoVersion2>(name, peer, more);
  }
}

void Journal::lost(core::RouterId id, const config::RouterKey& key, const packet::ReceivedAdvertisement& advertisement,
                   int priority) {
  const base::TimePoint now = event::monotonic_now();
  if (!deaf_peer_.lost(id, advertisement.fields.interval, now)) {
    return;
  }
  const std::string name = name_of(key);
  const std::string peer = advertisement.source.to_string();
  if (const auto suppressed = limit_.pass(fmt::format("{} not heard {}", name, peer), now)) {
    logger_.write<kNotHeard>(name, peer, advertisement.fields.priority, priority, suppressed_text(*suppressed));
  }
}

void Journal::dropped(std::string_view interface, packet::Drop reason, const base::IpAddress& source,
                      base::TimePoint now) {
  // Virtual routers of others on the same LAN are no trouble at all.
  if (reason == packet::Drop::unknown_vrid && !debugs(config::DebugTopic::packets)) {
    return;
  }
  const std::string peer = source.to_string();
  const auto suppressed = limit_.pass(fmt::format("{} {} {}", interface, static_cast<int>(reason), peer), now);
  if (suppressed) {
    logger_.write<kPacketDropped>(interface, peer, packet::info(reason).description, suppressed_text(*suppressed));
  }
}

void Journal::sent(const config::RouterKey& key, const core::SendAdvertisement& send) {
  if (debugs(config::DebugTopic::packets)) {
    logger_.write<kDebugSent>(name_of(key), send.advertisement.priority);
  }
}

void Journal::received(const config::RouterKey& key, const packet::ReceivedAdvertisement& advertisement) {
  if (debugs(config::DebugTopic::packets)) {
    logger_.write<kDebugReceived>(name_of(key), advertisement.source.to_string(), advertisement.fields.priority,
                                  advertisement.fields.interval.count());
  }
}

void Journal::announced(const config::RouterKey& key, const base::IpAddress& address) {
  const auto topic = address.family() == base::Family::ipv4 ? config::DebugTopic::arp : config::DebugTopic::ndisc;
  if (debugs(topic)) {
    logger_.write<kDebugAnnounced>(name_of(key), address.to_string());
  }
}

void Journal::timers(const config::RouterKey& key, const core::Router& router) {
  if (debugs(config::DebugTopic::protocol)) {
    logger_.write<kDebugTimers>(name_of(key), router.effective_priority(), router.current_skew_time().count(),
                                router.current_master_down_interval().count());
  }
}

void Journal::interface_changed(const config::RouterKey& key, const core::InterfaceStatus& status) {
  if (debugs(config::DebugTopic::kernel)) {
    logger_.write<kDebugInterface>(name_of(key), status.present ? "present" : "missing", status.up ? "up" : "down",
                                   status.primary ? status.primary->to_string() : "none",
                                   status.device_ready ? "ready" : "not ready");
  }
}

void Journal::planned(const config::Change& change) {
  if (!debugs(config::DebugTopic::config)) {
    return;
  }
  struct Visitor {
    std::pair<const char*, std::string> operator()(const config::AddRouter& c) { return {"adds", name_of(c.key)}; }
    std::pair<const char*, std::string> operator()(const config::ChangeRouter& c) {
      return {"changes", name_of(c.key)};
    }
    std::pair<const char*, std::string> operator()(const config::RemoveRouter& c) {
      return {"removes", name_of(c.key)};
    }
    std::pair<const char*, std::string> operator()(const config::ChangeAddressLease&) {
      return {"changes", "address-lease"};
    }
    std::pair<const char*, std::string> operator()(const config::ChangeHostname&) { return {"changes", "hostname"}; }
    std::pair<const char*, std::string> operator()(const config::ChangeLog&) { return {"changes", "log"}; }
    std::pair<const char*, std::string> operator()(const config::ChangeDebug&) { return {"changes", "debug"}; }
  };
  const auto [verb, object] = std::visit(Visitor{}, change);
  logger_.write<kDebugPlanned>(verb, object);
}

void Journal::listening(const io::Receiver::Where& where) {
  if (debugs(config::DebugTopic::sockets)) {
    logger_.write<kDebugListening>(where.name, base::to_number(where.interface), base::to_string(where.family));
  }
}

}  // namespace tandem::vrrpd::daemon

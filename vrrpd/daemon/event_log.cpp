// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/event_log.h"

#include "lib/event/loop.h"
#include "vrrpd/core/limits.h"
#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {
namespace {

// Failures are logged at a limited rate (R34). The subject of a trouble: whose, and of what kind.
enum class Kind : std::uint8_t { notice, interface_drop, not_heard, authenticated, alone, unanswered, another_station };

std::uint64_t subject_of(std::uint32_t whose, Kind kind, unsigned what) {
  return static_cast<std::uint64_t>(whose) << 32U | static_cast<std::uint64_t>(kind) << 16U | what;
}

std::uint64_t subject_of(core::RouterId id, const core::Noticed& noticed) {
  return subject_of(static_cast<std::uint32_t>(id), Kind::notice,
                    static_cast<unsigned>(noticed.notice) << 8U | static_cast<unsigned>(noticed.drop));
}

// What makes it another trouble though it is the same kind, of the same peer.
std::uint64_t detail_of(const core::Noticed& noticed) {
  const core::AddressDifference& difference = noticed.difference;
  const bool interval =
      noticed.notice == core::Notice::interval_mismatch ||
      (noticed.notice == core::Notice::packet_dropped && noticed.drop == packet::Drop::interval_mismatch);
  std::uint64_t detail = interval ? static_cast<std::uint64_t>(noticed.interval.count()) : 0;
  if (difference.any()) {
    detail = difference.lacking << 8U | difference.beside;
    for (const base::IpAddress& address : {difference.first_lacking, difference.first_beside}) {
      for (const std::uint8_t byte : address.bytes()) {
        detail = detail * 31 + byte;
      }
    }
  }
  return detail;
}

std::string some_of(std::size_t count, const base::IpAddress& first) {
  return count == 1 ? first.to_string() : fmt::format("{} and {} more", first.to_string(), count - 1);
}

std::string text_of(const core::AddressDifference& difference) {
  std::string text;
  if (difference.lacking != 0) {
    text = "it lacks " + some_of(difference.lacking, difference.first_lacking);
  }
  if (difference.beside != 0) {
    text +=
        (text.empty() ? "it has " : ", and has ") + some_of(difference.beside, difference.first_beside) + " besides";
  }
  return text;
}

std::string reason_of(const core::Noticed& noticed) {
  const std::string reason(packet::info(noticed.drop).description);
  return noticed.difference.any() ? fmt::format("{}: {}", reason, text_of(noticed.difference)) : reason;
}

// For the line that sums up.
std::string_view kind_of(const core::Noticed& noticed) {
  switch (noticed.notice) {
    case core::Notice::packet_dropped:
      return packet::info(noticed.drop).description;
    case core::Notice::interval_mismatch:
      return "another interval";
    case core::Notice::address_list_mismatch:
      return "other addresses";
    case core::Notice::owner_conflict:
      return "another owner";
    case core::Notice::equal_priority:
      return "the same priority";
    case core::Notice::checksum_form_changed:
      return "another form of the checksum";
    case core::Notice::no_version_2:
      return "no version 2";
  }
  return "";
}

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

EventLog::EventLog(event::Loop& loop, log::Logger& logger)
    : logger_(logger),
      troubles_(kTroubleLimits),
      trouble_timer_(loop, [this] { sum_up_troubles(); }),
      transition_timer_(loop, [this] { sum_up(); }) {}

const EventLog::Past& EventLog::add(core::RouterId id) {
  return past_.insert_or_assign(id, Past{event::wall_now(), {}}).first->second;
}

void EventLog::forget(core::RouterId id) {
  past_.erase(id);
  transition_limit_.forget(id);
  one_way_loss_.forget(id);
}

void EventLog::transition(core::RouterId id, const config::RouterKey& key, const core::Transition& transition) {
  Past& past = past_.at(id);
  past.since = event::wall_now();
  if (past.transitions.size() == core::kHistoryLength) {
    past.transitions.erase(past.transitions.begin());
  }
  past.transitions.push_back({past.since, transition});
  past.flaps = !transition_limit_.pass(id, event::monotonic_now());
  if (!past.flaps) {
    logger_.write<kTransition>(name_of(key), core::to_string(transition.from), core::to_string(transition.to),
                               reason_of(key, transition), peer_of(transition));
    alone(key, transition);
    return;
  }
  past.name = name_of(key);
  transition_timer_.set(*transition_limit_.deadline());
}

// What a router sees of a LAN that carries no frame from its virtual MAC address. For each interface once: it is no
// trouble where there is one router.
void EventLog::alone(const config::RouterKey& key, const core::Transition& transition) {
  if (transition.cause != core::Cause::master_down || transition.peer) {
    return;
  }
  const auto whose = static_cast<std::uint32_t>(std::hash<std::string>()(key.interface));
  const auto subject = subject_of(whose, Kind::alone, static_cast<unsigned>(key.family));
  const auto more = pass({subject, base::IpAddress(key.family)}, event::monotonic_now(),
                         [&] { return fmt::format("{}: no other router", name_of(key)); });
  if (more) {
    logger_.write<kAlone>(name_of(key), packet::virtual_mac(key.vrid, key.family).to_string(), *more);
  }
}

void EventLog::stands_still(const config::RouterKey& key, const std::string& reason) {
  logger_.write<kStandsStill>(name_of(key), reason);
}

void EventLog::held_back(core::RouterId id, const config::RouterKey& key, base::Duration left) {
  if (!past_.at(id).flaps) {
    logger_.write<kHeldBack>(name_of(key), std::chrono::ceil<std::chrono::seconds>(left).count());
  }
}

void EventLog::startup_delay_over(core::RouterId id, const config::RouterKey& key) {
  if (!past_.at(id).flaps) {
    logger_.write<kStartupDelayOver>(name_of(key));
  }
}

void EventLog::sum_up() {
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

std::optional<std::string> EventLog::pass(const log::TroubleLimit::Trouble& trouble, base::TimePoint now,
                                          const std::function<std::string()>& what) {
  const log::TroubleLimit::Answer answer = troubles_.ask(trouble, now);
  switch (answer.verdict) {
    case log::TroubleLimit::Verdict::say:
      return suppressed_text(answer.more);
    case log::TroubleLimit::Verdict::said:
      return std::nullopt;
    case log::TroubleLimit::Verdict::left_out:
      break;
  }
  if (!left_out_.contains(trouble.subject)) {
    left_out_.emplace(trouble.subject, what());
    trouble_timer_.set(*troubles_.deadline());
  }
  return std::nullopt;
}

void EventLog::sum_up_troubles() {
  const auto left_out = troubles_.take_left_out(event::monotonic_now());
  if (left_out.empty()) {  // a packet has begun another window before this timer came
    if (const auto deadline = troubles_.deadline()) {
      trouble_timer_.set(*deadline);
    }
    return;
  }
  std::uint64_t total = 0;
  std::string most;
  for (std::size_t i = 0; i < left_out.size(); ++i) {
    total += left_out[i].count;
    if (i < kTroublesNamed) {
      most += fmt::format("{}{} ({})", most.empty() ? "" : ", ", left_out_[left_out[i].subject], left_out[i].count);
    }
  }
  if (left_out.size() > kTroublesNamed) {
    most += ", and others";
  }
  left_out_.clear();
  logger_.write<kTroublesLeftOut>(total, std::chrono::round<std::chrono::seconds>(kTroubleLimits.window).count(), most);
}

void EventLog::notice(core::RouterId id, const config::RouterKey& key, const core::Noticed& noticed,
                      base::TimePoint now) {
  const auto more = pass({subject_of(id, noticed), noticed.peer, detail_of(noticed)}, now,
                         [&] { return fmt::format("{}: {}", name_of(key), kind_of(noticed)); });
  if (more) {
    write(key, noticed, *more);
  }
}

void EventLog::write(const config::RouterKey& key, const core::Noticed& noticed, const std::string& more) {
  const std::string name = name_of(key);
  const std::string peer = noticed.peer.to_string();
  switch (noticed.notice) {
    case core::Notice::packet_dropped:
      return logger_.write<kPacketDropped>(name, peer, reason_of(noticed), more);
    case core::Notice::interval_mismatch:
      return logger_.write<kIntervalMismatch>(
          name, peer, std::chrono::duration_cast<std::chrono::milliseconds>(noticed.interval).count(), more);
    case core::Notice::address_list_mismatch:
      return logger_.write<kAddressListMismatch>(name, peer, text_of(noticed.difference), more);
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

void EventLog::lost(core::RouterId id, const config::RouterKey& key, const packet::ReceivedAdvertisement& advertisement,
                    int priority) {
  const base::TimePoint now = event::monotonic_now();
  if (!one_way_loss_.lost(id, advertisement.fields.interval, now)) {
    return;
  }
  const auto more = pass({subject_of(static_cast<std::uint32_t>(id), Kind::not_heard, 0), advertisement.source}, now,
                         [&] { return fmt::format("{}: two Masters", name_of(key)); });
  if (more) {
    logger_.write<kNotHeard>(name_of(key), advertisement.source.to_string(), advertisement.fields.priority, priority,
                             *more);
  }
}

void EventLog::dropped(const Place& interface, packet::Drop reason, const base::IpAddress& source,
                       base::TimePoint now) {
  // Virtual routers of others on the same LAN are no trouble at all.
  if (reason == packet::Drop::unknown_vrid && !debugs(config::DebugTopic::packets)) {
    return;
  }
  const std::string_view description = packet::info(reason).description;
  const auto subject =
      subject_of(base::to_number(interface.index), Kind::interface_drop, static_cast<unsigned>(reason));
  const auto more =
      pass({subject, source}, now, [&] { return fmt::format("interface {}: {}", interface.name, description); });
  if (more) {
    logger_.write<kPacketDropped>(interface.name, source.to_string(), description, *more);
  }
}

void EventLog::authenticated(const Place& interface, const base::IpAddress& source) {
  const auto more =
      pass({subject_of(base::to_number(interface.index), Kind::authenticated, 0), source}, event::monotonic_now(),
           [&] { return fmt::format("interface {}: authentication headers", interface.name); });
  if (more) {
    logger_.write<kAuthenticated>(interface.name, source.to_string(), *more);
  }
}

// Of a thousand that one rule makes dark some get a line of their own.
std::optional<std::string> EventLog::pass_test(core::RouterId id, const config::RouterKey& key, Finding finding) {
  const base::TimePoint now = event::monotonic_now();
  const auto kind = finding.station ? Kind::another_station : Kind::unanswered;
  const auto subject = subject_of(static_cast<std::uint32_t>(id), kind, 0);
  const auto each = static_cast<std::uint64_t>(now.time_since_epoch().count());  // the last line has to be true
  return pass({subject, base::IpAddress(key.family), each}, now, [&] {
    return fmt::format("{}: {}", name_of(key), finding.station ? "another station" : "not answered for");
  });
}

void EventLog::unanswered(core::RouterId id, const config::RouterKey& key, TestChange change,
                          const std::string& warning) {
  const auto more = pass_test(id, key, {.station = false, .change = change});
  if (more && change == TestChange::begun) {
    logger_.write<kUnanswered>(name_of(key), warning, *more);
  } else if (more) {
    logger_.write<kAnsweredAgain>(name_of(key), *more);
  }
}

void EventLog::another_station(core::RouterId id, const config::RouterKey& key, TestChange change,
                               const std::string& warning) {
  const auto more = pass_test(id, key, {.station = true, .change = change});
  if (more && change == TestChange::begun) {
    logger_.write<kAnotherStation>(name_of(key), warning, *more);
  } else if (more) {
    logger_.write<kAnotherStationGone>(name_of(key), *more);
  }
}

void EventLog::sent(const config::RouterKey& key, const core::SendAdvertisement& send) {
  if (debugs(config::DebugTopic::packets)) {
    logger_.write<kDebugSent>(name_of(key), send.advertisement.priority);
  }
}

void EventLog::received(const config::RouterKey& key, const packet::ReceivedAdvertisement& advertisement) {
  if (debugs(config::DebugTopic::packets)) {
    logger_.write<kDebugReceived>(name_of(key), advertisement.source.to_string(), advertisement.fields.priority,
                                  advertisement.fields.interval.count());
  }
}

void EventLog::announced(const config::RouterKey& key, const base::IpAddress& address) {
  const auto topic = address.family() == base::Family::ipv4 ? config::DebugTopic::arp : config::DebugTopic::ndisc;
  if (debugs(topic)) {
    logger_.write<kDebugAnnounced>(name_of(key), address.to_string());
  }
}

void EventLog::timers(const config::RouterKey& key, const core::Router& router) {
  if (debugs(config::DebugTopic::protocol)) {
    logger_.write<kDebugTimers>(name_of(key), router.effective_priority(), router.current_skew_time().count(),
                                router.current_master_down_interval().count());
  }
}

void EventLog::interface_changed(const config::RouterKey& key, const core::InterfaceStatus& status) {
  if (debugs(config::DebugTopic::kernel)) {
    logger_.write<kDebugInterface>(name_of(key), status.present ? "present" : "missing", status.up ? "up" : "down",
                                   status.primary ? status.primary->to_string() : "none",
                                   status.device_ready ? "ready" : "not ready");
  }
}

void EventLog::planned(const config::Change& change) {
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

void EventLog::listening(const io::Receiver::Where& where) {
  if (debugs(config::DebugTopic::sockets)) {
    logger_.write<kDebugListening>(where.name, base::to_number(where.interface), base::to_string(where.family));
  }
}

}  // namespace tandem::vrrpd::daemon

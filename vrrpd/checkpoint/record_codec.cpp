// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <utility>

#include "checkpoint.pb.h"
#include "vrrpd/checkpoint/codec.h"
#include "vrrpd/checkpoint/limits.h"

namespace tandem::vrrpd::checkpoint {
namespace {

// ---- numbers, which never change

constexpr std::uint32_t number_of(packet::Drop drop) {
  using packet::Drop;
  switch (drop) {
    case Drop::ip_header:
      return 1;
    case Drop::destination:
      return 2;
    case Drop::ttl:
      return 3;
    case Drop::too_short:
      return 4;
    case Drop::version:
      return 5;
    case Drop::type:
      return 6;
    case Drop::length:
      return 7;
    case Drop::checksum:
      return 8;
    case Drop::auth_type:
      return 9;
    case Drop::unknown_vrid:
      return 10;
    case Drop::address_count_zero:
      return 11;
    case Drop::interval_zero:
      return 12;
    case Drop::first_address:
      return 13;
    case Drop::own_source:
      return 14;
    case Drop::interval_mismatch:
      return 15;
    case Drop::address_list:
      return 16;
  }
  return 0;
}

constexpr packet::Drop drop_at(std::size_t place) { return static_cast<packet::Drop>(place); }

constexpr proto::Router::State number_of(core::State state) {
  switch (state) {
    case core::State::initialize:
      return proto::Router::INITIALIZE;
    case core::State::backup:
      return proto::Router::BACKUP;
    case core::State::master:
      return proto::Router::MASTER;
  }
  return proto::Router::INITIALIZE;
}

// A state that this version does not know: it begins anew.
core::State state_of(int number) {
  for (const core::State state : {core::State::backup, core::State::master}) {
    if (number == number_of(state)) {
      return state;
    }
  }
  return core::State::initialize;
}

constexpr proto::Form number_of(packet::ChecksumForm form) {
  switch (form) {
    case packet::ChecksumForm::pseudoheader:
      return proto::PSEUDOHEADER;
    case packet::ChecksumForm::message_only:
      return proto::MESSAGE_ONLY;
  }
  return proto::NONE;
}

std::optional<packet::ChecksumForm> form_of(int number) {
  for (const packet::ChecksumForm form : {packet::ChecksumForm::pseudoheader, packet::ChecksumForm::message_only}) {
    if (number == number_of(form)) {
      return form;
    }
  }
  return std::nullopt;
}

// ---- encoding. Every field is set or cleared: the message has those of the router before. A field more in one of
// these structures does not compile here, until it has a number.

void write(const core::IpAddress& address, std::string* text) {
  text->assign(reinterpret_cast<const char*>(address.bytes().data()), address.bytes().size());
}

std::int64_t number_of(base::TimePoint time) { return time.time_since_epoch().count(); }

void write(const core::MasterInfo& info, proto::Master& message) {
  const auto& [address, priority, advertisement_interval] = info;
  write(address, message.mutable_address());
  message.set_priority(priority);
  message.set_advertisement_interval(advertisement_interval.count());
}

void write(const core::OtherForm& other, proto::OtherForm& message) {
  const auto& [address, heard] = other;
  write(address, message.mutable_address());
  message.set_heard(number_of(heard));
}

void write(const core::Version3Peer& peer, proto::Version3Peer& message) {
  const auto& [address, until, alone] = peer;
  write(address, message.mutable_address());
  message.set_until(number_of(until));
  message.set_alone(alone);
}

void write(const core::BackupTimer& timer, proto::Router& message) {
  const auto& [set_at, released, learned_interval, hold_since, not_followed] = timer;
  message.set_backup_timer_set_at(number_of(set_at));
  message.set_backup_timer_released(released);
  learned_interval ? message.set_learned_interval(learned_interval->count()) : message.clear_learned_interval();
  hold_since ? message.set_hold_since(number_of(*hold_since)) : message.clear_hold_since();
  not_followed ? write(*not_followed, *message.mutable_not_followed()) : message.clear_not_followed();
}

void write(const core::MasterTimer& timer, proto::Router& message) {
  const auto& [next_advertisement, immediate_since, immediate_sent, announce_again, quiet_until] = timer;
  message.set_next_advertisement(number_of(next_advertisement));
  message.set_immediate_since(number_of(immediate_since));
  message.set_immediate_sent(immediate_sent);
  announce_again ? message.set_announce_again(number_of(*announce_again)) : message.clear_announce_again();
  message.set_quiet_until(number_of(quiet_until));
}

void write(const core::SavedState& memory, proto::Router& message) {
  const auto& [state, stopping, source, backup, master_timer, master, heard_form, other_form, version_3_peer, startup] =
      memory;
  message.set_state(number_of(state));
  message.set_stopping(stopping);
  source ? write(*source, message.mutable_source()) : message.clear_source();
  write(backup, message);
  write(master_timer, message);
  master ? write(*master, *message.mutable_master()) : message.clear_master();
  message.set_heard_form(heard_form ? number_of(*heard_form) : proto::NONE);
  other_form ? write(*other_form, *message.mutable_other_form()) : message.clear_other_form();
  version_3_peer ? write(*version_3_peer, *message.mutable_version_3_peer()) : message.clear_version_3_peer();
  const auto& [holds, heard] = startup;
  message.set_startup_delay_holds(holds);
  message.set_port_heard(heard);
}

void write(const packet::DropCounters& drops, proto::Statistics& message) {
  message.clear_drops();
  for (std::size_t place = 0; place < packet::kDropCount; ++place) {
    if (const std::uint64_t count = drops[drop_at(place)]; count != 0) {
      proto::Drops& each = *message.add_drops();
      each.set_reason(number_of(drop_at(place)));
      each.set_count(count);
    }
  }
}

void write(const core::Statistics& statistics, proto::Statistics& message) {
  const auto& [advertisements_sent, advertisements_received, priority_zero_sent, priority_zero_received, transitions,
               announcements_sent, message_only_received, interval_mismatches, address_list_mismatches, owner_conflicts,
               drops] = statistics;
  message.set_advertisements_sent(advertisements_sent);
  message.set_advertisements_received(advertisements_received);
  message.set_priority_zero_sent(priority_zero_sent);
  message.set_priority_zero_received(priority_zero_received);
  message.set_transitions(transitions);
  message.set_announcements_sent(announcements_sent);
  message.set_message_only_received(message_only_received);
  message.set_interval_mismatches(interval_mismatches);
  message.set_address_list_mismatches(address_list_mismatches);
  message.set_owner_conflicts(owner_conflicts);
  write(drops, message);
}

// ---- decoding. A record with a number outside of the limits is none: with any number the arithmetic of the core would
// overflow, and a deadline would never come.

bool is_time(std::int64_t number) { return number >= 0 && number <= kLatest.count(); }
bool is_interval(std::int64_t number) { return number > 0 && number <= count_of(kLongestInterval); }
bool is_plausible(const proto::Master& message) {
  return message.priority() <= packet::kPriorityOwner && is_interval(message.advertisement_interval());
}

bool has_plausible_times(const proto::Router& message) {
  return is_time(message.backup_timer_set_at()) && is_time(message.hold_since()) &&
         is_time(message.next_advertisement()) && is_time(message.immediate_since()) &&
         is_time(message.announce_again()) && is_time(message.quiet_until()) && is_time(message.since()) &&
         is_time(message.link_since()) && is_time(message.other_form().heard()) &&
         is_time(message.version_3_peer().until());
}

bool is_plausible(const proto::Router& message) {
  return has_plausible_times(message) && message.immediate_sent() >= 0 && message.version_3_peer().alone() >= 0 &&
         (!message.has_learned_interval() || is_interval(message.learned_interval())) &&
         (!message.has_master() || is_plausible(message.master())) &&
         (!message.has_not_followed() || is_plausible(message.not_followed()));
}

std::optional<core::IpAddress> address_of(const std::string& bytes) {
  for (const core::Family family : {core::Family::ipv4, core::Family::ipv6}) {
    if (bytes.size() == core::IpAddress::size_of(family)) {
      return core::IpAddress::from_bytes({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    }
  }
  return std::nullopt;
}

base::TimePoint time_of(std::int64_t number) { return base::TimePoint(base::Duration(number)); }

std::optional<core::MasterInfo> master_of(const proto::Master& message) {
  const auto address = address_of(message.address());
  return address ? std::optional(core::MasterInfo{*address, static_cast<std::uint8_t>(message.priority()),
                                                  base::Duration(message.advertisement_interval())})
                 : std::nullopt;
}

std::optional<core::OtherForm> other_form_of(const proto::OtherForm& message) {
  const auto address = address_of(message.address());
  return address ? std::optional(core::OtherForm{*address, time_of(message.heard())}) : std::nullopt;
}

std::optional<core::Version3Peer> peer_of(const proto::Version3Peer& message) {
  const auto address = address_of(message.address());
  return address
             ? std::optional(core::Version3Peer{*address, time_of(message.until()), static_cast<int>(message.alone())})
             : std::nullopt;
}

core::SavedState memory_of(const proto::Router& message) {
  core::SavedState memory;
  memory.state = state_of(message.state());
  memory.stopping = message.stopping();
  memory.source = address_of(message.source());
  memory.backup.set_at = time_of(message.backup_timer_set_at());
  memory.backup.released = message.backup_timer_released();
  if (message.has_learned_interval()) {
    memory.backup.learned_interval = base::Duration(message.learned_interval());
  }
  if (message.has_hold_since()) {
    memory.backup.hold_since = time_of(message.hold_since());
  }
  if (message.has_not_followed()) {
    memory.backup.not_followed = master_of(message.not_followed());
  }
  memory.master_timer = {.next_advertisement = time_of(message.next_advertisement()),
                         .immediate_since = time_of(message.immediate_since()),
                         .immediate_sent = message.immediate_sent(),
                         .announce_again = std::nullopt,
                         .quiet_until = time_of(message.quiet_until())};
  if (message.has_announce_again()) {
    memory.master_timer.announce_again = time_of(message.announce_again());
  }
  if (message.has_master()) {
    memory.master = master_of(message.master());
  }
  memory.heard_form = form_of(message.heard_form());
  if (message.has_other_form()) {
    memory.other_form = other_form_of(message.other_form());
  }
  if (message.has_version_3_peer()) {
    memory.version_3_peer = peer_of(message.version_3_peer());
  }
  memory.startup = {.holds = message.startup_delay_holds(), .heard = message.port_heard()};
  return memory;
}

core::Statistics statistics_of(const proto::Statistics& message) {
  core::Statistics statistics;
  statistics.advertisements_sent = message.advertisements_sent();
  statistics.advertisements_received = message.advertisements_received();
  statistics.priority_zero_sent = message.priority_zero_sent();
  statistics.priority_zero_received = message.priority_zero_received();
  statistics.transitions = message.transitions();
  statistics.announcements_sent = message.announcements_sent();
  statistics.message_only_received = message.message_only_received();
  statistics.interval_mismatches = message.interval_mismatches();
  statistics.address_list_mismatches = message.address_list_mismatches();
  statistics.owner_conflicts = message.owner_conflicts();
  for (const proto::Drops& drops : message.drops()) {
    for (std::size_t place = 0; place < packet::kDropCount; ++place) {
      if (drops.reason() == number_of(drop_at(place))) {
        statistics.drops.set(drop_at(place), drops.count());
      }
    }
  }
  return statistics;
}

}  // namespace

struct RecordEncoder::Message {
  proto::Router router;
};

RecordEncoder::RecordEncoder() : message_(std::make_unique<Message>()) {}
RecordEncoder::~RecordEncoder() = default;

std::size_t RecordEncoder::encode(const config::RouterKey& key, const core::SavedState& memory, const Past& past,
                                  std::span<std::byte> room) {
  proto::Router& message = message_->router;
  message.set_interface(key.interface);
  message.set_vrid(key.vrid.value());
  message.set_ip_version(static_cast<std::uint32_t>(key.family));
  write(memory, message);
  message.set_since(past.since.time_since_epoch().count());
  message.set_link_since(number_of(past.link.since));
  message.set_link_ups(past.link.ups);
  write(past.statistics, *message.mutable_statistics());
  const std::size_t size = message.ByteSizeLong();
  if (size > room.size()) {
    return 0;
  }
  message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(room.data()));
  return size;
}

std::optional<Record> decode_record(Bytes bytes) {
  proto::Router message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return std::nullopt;
  }
  const auto vrid = core::Vrid::from(message.vrid());
  const bool ipv4 = message.ip_version() == static_cast<std::uint32_t>(core::Family::ipv4);
  const bool ipv6 = message.ip_version() == static_cast<std::uint32_t>(core::Family::ipv6);
  if (!vrid || (!ipv4 && !ipv6) || !is_plausible(message)) {
    return std::nullopt;
  }
  const core::Family family = ipv4 ? core::Family::ipv4 : core::Family::ipv6;
  core::SavedState memory = memory_of(message);
  if (!memory.source || memory.source->family() != family) {
    memory.source.reset();
    memory.state = core::State::initialize;  // it cannot send: as if it were not there
  }
  return Record{.key = {message.interface(), *vrid, family},
                .memory = memory,
                .past = {.since = base::WallTime(base::Duration(message.since())),
                         .statistics = statistics_of(message.statistics()),
                         .link = {.since = time_of(message.link_since()), .ups = message.link_ups()}}};
}

}  // namespace tandem::vrrpd::checkpoint

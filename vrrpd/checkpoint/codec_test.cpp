// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/checkpoint/codec.h"

#include <gmock/gmock.h>

#include <array>

#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::checkpoint {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

base::IpAddress address(const char* text) { return *base::IpAddress::parse(text); }
base::IpPrefix prefix(const char* text, std::uint8_t length) { return {address(text), length}; }
base::TimePoint at(std::int64_t microseconds) { return base::TimePoint(base::Duration(microseconds)); }
Bytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

// ---- configurations

config::Group group(unsigned vrid) {
  return {
      .vrid = core::Vrid(vrid),
      .version = core::Version::v3,
      .also_version_2 = true,
      .priority = 210,
      .advertisement_interval = milliseconds(100),
      .preempt = false,
      .preempt_delay = seconds(7),
      .accept_mode = true,
      .checksum = core::ChecksumMode::message_only,
      .shutdown = false,
      .description = "Gateway of the laboratory",
      .ipv4 = {prefix("10.0.0.1", 32), prefix("10.0.0.2", 24)},
      .ipv6 = {prefix("fe80::1", 64)},
      .router_advertisement =
          config::RouterAdvertisement{.interval = seconds(3), .lifetime = seconds(9), .managed = true, .other = false},
      .vrf = "red",
      .autoconfigured = true,
      .startup_delay = {.delay = seconds(30), .after_boot = true}};
}

config::Config configuration() {
  config::Config all;
  all.address_lease = seconds(10);
  all.interfaces["eth1"] = {.description = "LAN", .groups = {{core::Vrid(5), group(5)}, {core::Vrid(6), group(6)}}};
  all.interfaces["eth2"] = {};
  return all;
}

TEST(ConfigurationCodec, GivesBackWhatItWasGiven) {
  const std::string text = encode(configuration());
  EXPECT_EQ(decode_configuration(bytes_of(text)), configuration());
}

TEST(ConfigurationCodec, AnEmptyConfigurationIsNotNone) {
  const std::string text = encode({});
  EXPECT_FALSE(text.empty());
  EXPECT_EQ(decode_configuration(bytes_of(text)), config::Config());
  EXPECT_FALSE(decode_configuration({}));
}

TEST(ConfigurationCodec, LeavesOutAGroupThatItCannotRun) {
  config::Config all = configuration();
  all.interfaces["eth1"].groups.at(core::Vrid(5)).version = core::Version{4};  // of a later RFC
  all.interfaces["eth1"].groups.at(core::Vrid(6)).priority = 0;                // none was written
  const std::string text = encode(all);
  const auto decoded = decode_configuration(bytes_of(text));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->interfaces.at("eth1").groups.empty());
  EXPECT_TRUE(decoded->interfaces.contains("eth2"));
}

// The first group of eth1 after it has been written and read; none if it was left out.
std::optional<config::Group> read_again(const config::Group& written) {
  config::Config all;
  all.interfaces["eth1"].groups.emplace(written.vrid, written);
  const std::string text = encode(all);
  const auto decoded = decode_configuration(bytes_of(text));
  const auto& groups = decoded->interfaces.at("eth1").groups;
  return groups.empty() ? std::nullopt : std::optional(groups.begin()->second);
}

// The core ends the process when it is given more; times that are longer overflow its arithmetic.
TEST(ConfigurationCodec, LeavesOutAGroupThatExceedsALimit) {
  config::Group written = group(5);
  EXPECT_TRUE(read_again(written));
  written.ipv4.assign(core::kMaxIpv4Addresses + 1, prefix("10.0.0.1", 32));
  EXPECT_FALSE(read_again(written));
  written = group(5);
  written.ipv6.assign(core::kMaxIpv6Addresses + 1, prefix("fe80::1", 64));
  EXPECT_FALSE(read_again(written));
  written = group(5);
  written.advertisement_interval = core::Duration::max();
  EXPECT_FALSE(read_again(written));
  written = group(5);
  written.preempt_delay = core::Duration::max();
  EXPECT_FALSE(read_again(written));
}

TEST(ConfigurationCodec, LeavesOutRouterAdvertisementsWithoutAPause) {
  config::Group written = group(5);
  for (const auto& interval : {seconds(0), seconds(-1), seconds::max()}) {
    written.router_advertisement->interval = interval;
    const auto read = read_again(written);
    ASSERT_TRUE(read);
    EXPECT_FALSE(read->router_advertisement) << interval.count();
  }
}

TEST(ConfigurationCodec, ALeaseThatCannotBeIsNoConfiguration) {
  for (const auto& lease : {seconds(-1), seconds::max()}) {
    config::Config all = configuration();
    all.address_lease = lease;
    const std::string text = encode(all);
    EXPECT_FALSE(decode_configuration(bytes_of(text))) << lease.count();
  }
}

// ---- records

const config::RouterKey kKey{"eth1", core::Vrid(5), core::Family::ipv6};

// With everything that it can have.
core::SavedState full_memory() {
  core::SavedState memory;
  memory.state = core::State::backup;
  memory.stopping = true;
  memory.source = address("fe80::7");
  memory.backup = {.set_at = at(1'000'001),
                   .released = true,
                   .learned_interval = milliseconds(250),
                   .hold_since = at(2'000'002),
                   .not_followed = core::MasterInfo{address("fe80::8"), 90, milliseconds(100)}};
  memory.master_timer = {.next_advertisement = at(3'000'003),
                         .immediate_since = at(4'000'004),
                         .immediate_sent = 3,
                         .announce_again = at(6'000'006),
                         .quiet_until = at(7'000'007)};
  memory.other_form = core::OtherForm{.address = address("10.0.0.8"), .heard = at(8'000'008)};
  memory.master = core::MasterInfo{address("fe80::9"), 220, milliseconds(250)};
  memory.heard_form = packet::ChecksumForm::message_only;
  memory.version_3_peer = core::Version3Peer{.address = address("10.0.0.9"), .until = at(5'000'005), .alone = 2};
  memory.startup = {.holds = true, .heard = true};
  return memory;
}

Past full_past() {
  Past past{.since = base::WallTime(std::chrono::hours(480'000)),
            .statistics = {},
            .link = {.since = at(9'000'009), .ups = 3}};
  std::uint64_t number = 100;
  core::Statistics& statistics = past.statistics;
  for (std::uint64_t* const counter :
       {&statistics.advertisements_sent, &statistics.advertisements_received, &statistics.priority_zero_sent,
        &statistics.priority_zero_received, &statistics.transitions, &statistics.announcements_sent,
        &statistics.message_only_received, &statistics.interval_mismatches, &statistics.address_list_mismatches,
        &statistics.owner_conflicts}) {
    *counter = ++number;
  }
  for (std::size_t drop = 0; drop < packet::kDropCount; ++drop) {
    statistics.drops.set(static_cast<packet::Drop>(drop), ++number);
  }
  return past;
}

using Room = std::array<std::byte, 768>;

Bytes encoded(RecordEncoder& encoder, const core::SavedState& memory, const Past& past, Room& room) {
  return Bytes(room).first(encoder.encode(kKey, memory, past, room));
}

void expect_equal(const core::MasterInfo& one, const core::MasterInfo& two) {
  EXPECT_EQ(one.address, two.address);
  EXPECT_EQ(one.priority, two.priority);
  EXPECT_EQ(one.advertisement_interval, two.advertisement_interval);
}

void expect_equal(const core::SavedState& one, const core::SavedState& two) {
  EXPECT_EQ(one.state, two.state);
  EXPECT_EQ(one.stopping, two.stopping);
  EXPECT_EQ(one.source, two.source);
  EXPECT_EQ(one.backup.set_at, two.backup.set_at);
  EXPECT_EQ(one.backup.released, two.backup.released);
  EXPECT_EQ(one.backup.learned_interval, two.backup.learned_interval);
  EXPECT_EQ(one.backup.hold_since, two.backup.hold_since);
  ASSERT_EQ(one.backup.not_followed.has_value(), two.backup.not_followed.has_value());
  if (one.backup.not_followed) {
    expect_equal(*one.backup.not_followed, *two.backup.not_followed);
  }
  EXPECT_EQ(one.master_timer.next_advertisement, two.master_timer.next_advertisement);
  EXPECT_EQ(one.master_timer.immediate_since, two.master_timer.immediate_since);
  EXPECT_EQ(one.master_timer.immediate_sent, two.master_timer.immediate_sent);
  EXPECT_EQ(one.master_timer.announce_again, two.master_timer.announce_again);
  EXPECT_EQ(one.master_timer.quiet_until, two.master_timer.quiet_until);
  ASSERT_EQ(one.other_form.has_value(), two.other_form.has_value());
  if (one.other_form) {
    EXPECT_EQ(one.other_form->address, two.other_form->address);
    EXPECT_EQ(one.other_form->heard, two.other_form->heard);
  }
  ASSERT_EQ(one.master.has_value(), two.master.has_value());
  if (one.master) {
    expect_equal(*one.master, *two.master);
  }
  EXPECT_EQ(one.heard_form, two.heard_form);
  ASSERT_EQ(one.version_3_peer.has_value(), two.version_3_peer.has_value());
  if (one.version_3_peer) {
    EXPECT_EQ(one.version_3_peer->address, two.version_3_peer->address);
    EXPECT_EQ(one.version_3_peer->until, two.version_3_peer->until);
    EXPECT_EQ(one.version_3_peer->alone, two.version_3_peer->alone);
  }
  EXPECT_EQ(one.startup.holds, two.startup.holds);
  EXPECT_EQ(one.startup.heard, two.startup.heard);
}

void expect_equal(const Past& one, const Past& two) {
  EXPECT_EQ(one.since, two.since);
  EXPECT_EQ(one.link, two.link);
  EXPECT_EQ(one.statistics.advertisements_sent, two.statistics.advertisements_sent);
  EXPECT_EQ(one.statistics.advertisements_received, two.statistics.advertisements_received);
  EXPECT_EQ(one.statistics.priority_zero_sent, two.statistics.priority_zero_sent);
  EXPECT_EQ(one.statistics.priority_zero_received, two.statistics.priority_zero_received);
  EXPECT_EQ(one.statistics.transitions, two.statistics.transitions);
  EXPECT_EQ(one.statistics.announcements_sent, two.statistics.announcements_sent);
  EXPECT_EQ(one.statistics.message_only_received, two.statistics.message_only_received);
  EXPECT_EQ(one.statistics.interval_mismatches, two.statistics.interval_mismatches);
  EXPECT_EQ(one.statistics.address_list_mismatches, two.statistics.address_list_mismatches);
  EXPECT_EQ(one.statistics.owner_conflicts, two.statistics.owner_conflicts);
  for (std::size_t drop = 0; drop < packet::kDropCount; ++drop) {
    EXPECT_EQ(one.statistics.drops[static_cast<packet::Drop>(drop)],
              two.statistics.drops[static_cast<packet::Drop>(drop)])
        << drop;
  }
}

TEST(RecordCodec, GivesBackWhatItWasGiven) {
  RecordEncoder encoder;
  Room room{};
  const auto record = decode_record(encoded(encoder, full_memory(), full_past(), room));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->key, kKey);
  expect_equal(record->memory, full_memory());
  expect_equal(record->past, full_past());
}

// The encoder keeps its message from one router to the next.
TEST(RecordCodec, NothingOfOneRecordIsInTheNext) {
  RecordEncoder encoder;
  Room room{};
  encoded(encoder, full_memory(), full_past(), room);
  const auto record = decode_record(encoded(encoder, core::SavedState(), Past(), room));
  ASSERT_TRUE(record);
  expect_equal(record->memory, core::SavedState());
  expect_equal(record->past, Past());
}

TEST(RecordCodec, ARoomThatIsTooSmallGetsNothing) {
  RecordEncoder encoder;
  Room room{};
  const std::size_t size = encoded(encoder, full_memory(), full_past(), room).size();
  EXPECT_LT(size, 500U)
      << "the largest record has to fit into a slot (vrrpd/fence/memory_layout.cpp), with room for more";
  EXPECT_EQ(encoder.encode(kKey, full_memory(), full_past(), std::span(room).first(size - 1)), 0U);
  EXPECT_EQ(encoder.encode(kKey, full_memory(), full_past(), std::span(room).first(size)), size);
}

TEST(RecordCodec, WhatALaterVersionAddsIsIgnored) {
  RecordEncoder encoder;
  Room room{};
  const std::size_t size = encoded(encoder, full_memory(), full_past(), room).size();
  // Field 2000, a varint: 7; field 2001, bytes: "ab".
  const std::array<unsigned char, 9> more{0x80, 0x7d, 7, 0x8a, 0x7d, 2, 'a', 'b', 0};
  std::memcpy(&room[size], more.data(), 8);
  const auto record = decode_record(Bytes(room).first(size + 8));
  ASSERT_TRUE(record);
  expect_equal(record->memory, full_memory());
}

TEST(RecordCodec, NoiseIsNoRecord) {
  EXPECT_FALSE(decode_record({}));
  for (unsigned char first = 0; first < 255; ++first) {
    const std::array<unsigned char, 6> noise{first, 0xff, first, 0x80, 3, first};
    EXPECT_FALSE(decode_record(std::as_bytes(std::span(noise)))) << +first;
  }
}

// It has no source to send from: whatever it was, it begins anew.
TEST(RecordCodec, AStateThatCannotBeIsInitialize) {
  RecordEncoder encoder;
  Room room{};
  core::SavedState memory = full_memory();
  memory.source.reset();
  EXPECT_EQ(decode_record(encoded(encoder, memory, Past(), room))->memory.state, core::State::initialize);
}

// An advert from it would have addresses of two families: the encoder ends the process for that.
TEST(RecordCodec, ASourceOfTheOtherFamilyIsNone) {
  RecordEncoder encoder;
  Room room{};
  core::SavedState memory = full_memory();
  memory.source = address("10.0.0.7");
  const auto record = decode_record(encoded(encoder, memory, Past(), room));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->memory.source, std::nullopt);
  EXPECT_EQ(record->memory.state, core::State::initialize);
}

TEST(RecordCodec, ATimeThatCannotBeIsNoRecord) {
  RecordEncoder encoder;
  Room room{};
  const auto is_record = [&](const core::SavedState& memory, const Past& past) {
    return decode_record(encoded(encoder, memory, past, room)).has_value();
  };
  for (const base::TimePoint time :
       {base::TimePoint::min(), base::TimePoint(base::Duration(-1)), base::TimePoint::max()}) {
    std::vector<core::SavedState> all(9, full_memory());
    all[0].backup.set_at = time;
    all[1].backup.hold_since = time;
    all[2].backup.learned_interval = time.time_since_epoch();
    all[3].master_timer.next_advertisement = time;
    all[4].master_timer.announce_again = time;
    all[5].master_timer.quiet_until = time;
    all[6].other_form->heard = time;
    all[7].version_3_peer->until = time;
    all[8].master->advertisement_interval = time.time_since_epoch();
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_FALSE(is_record(all[i], full_past())) << i;
    }
    Past past = full_past();
    past.since = base::WallTime(time.time_since_epoch());
    EXPECT_FALSE(is_record(full_memory(), past));
  }
}

}  // namespace
}  // namespace tandem::vrrpd::checkpoint

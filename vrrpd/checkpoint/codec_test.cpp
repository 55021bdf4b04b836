// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/checkpoint/codec.h"

#include <gmock/gmock.h>

#include <array>
#include <set>

#include "format_2.pb.h"
#include "vrrpd/checkpoint/encoding.h"
#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::checkpoint {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

base::IpAddress address(const char* text) { return *base::IpAddress::parse(text); }
base::IpPrefix prefix(const char* text, std::uint8_t length) { return {address(text), length}; }
base::TimePoint at(std::int64_t microseconds) { return base::TimePoint(base::Duration(microseconds)); }
Bytes as_bytes(const std::string& text) { return std::as_bytes(std::span(text)); }

// ---- descriptions

// Numbers of the fields of a message and of its nested messages.
template <class Struct>
std::vector<std::uint32_t> numbers_of(const Struct& value) {
  std::vector<std::uint32_t> numbers;
  base::for_each_field(value, [&](const base::FieldInfo& field, const auto&) { numbers.push_back(field.number); });
  return numbers;
}

template <class Struct>
void expect_usable_numbers(const Struct& value) {
  const std::vector<std::uint32_t> numbers = numbers_of(value);
  EXPECT_EQ(std::set<std::uint32_t>(numbers.begin(), numbers.end()).size(), numbers.size()) << "a number is used twice";
  EXPECT_THAT(numbers, testing::Each(testing::Gt(0U))) << "a field without a number is not in the checkpoint";
}

// The fields that are not written because they are zero or empty. A test that writes such a value and reads it again
// proves nothing for them.
template <class Struct>
std::vector<std::string> fields_left_out(const Struct& value) {
  std::vector<std::string> names;
  base::for_each_field(value, [&](const base::FieldInfo& field, const auto& member) {
    Size size;
    put(size, field, member);
    if (size.size() == 0) {
      names.emplace_back(field.name);
    }
  });
  return names;
}

// ---- configurations

// Each field has a value other than the blank one.
config::Group group(unsigned vrid) {
  config::Group made{{.vrid = core::Vrid(vrid),
                      .version = core::Version::v3,
                      .also_version_2 = true,
                      .priority = 210,
                      .advertisement_interval = milliseconds(100),
                      .preempt = true,
                      .preempt_delay = seconds(7),
                      .checksum = core::ChecksumMode::message_only,
                      .shutdown = true,
                      .startup_delay = seconds(30)}};
  made.accept_mode = true;
  made.description = "Gateway of the laboratory";
  made.ipv4 = {prefix("10.0.0.1", 32), prefix("10.0.0.2", 24)};
  made.ipv6 = {prefix("fe80::1", 64)};
  made.router_advertisement = {.interval = seconds(3), .lifetime = seconds(9), .managed = true, .other = true};
  made.vrf = "red";
  made.autoconfigured = true;
  made.delay_after_boot = true;
  return made;
}

config::Config configuration() {
  config::Config all;
  all.address_lease = seconds(10);
  all.interfaces["eth1"] = {.description = "LAN", .groups = {{core::Vrid(5), group(5)}, {core::Vrid(6), group(6)}}};
  all.interfaces["eth2"] = {};
  return all;
}

TEST(ConfigurationCodec, EachFieldOfAGroupHasANumber) {
  expect_usable_numbers(group(5));
  expect_usable_numbers(*group(5).router_advertisement);
}

TEST(ConfigurationCodec, GivesBackWhatItWasGiven) {
  EXPECT_THAT(fields_left_out(group(5)), testing::IsEmpty());
  EXPECT_THAT(fields_left_out(*group(5).router_advertisement), testing::IsEmpty());
  const std::string text = encode(configuration());
  EXPECT_EQ(decode_configuration(as_bytes(text)), configuration());
}

TEST(ConfigurationCodec, AnEmptyConfigurationIsNotNone) {
  const std::string text = encode({});
  EXPECT_FALSE(text.empty());
  EXPECT_EQ(decode_configuration(as_bytes(text)), config::Config());
  EXPECT_FALSE(decode_configuration({}));
}

TEST(ConfigurationCodec, LeavesOutAGroupThatItCannotRun) {
  config::Config all = configuration();
  all.interfaces["eth1"].groups.at(core::Vrid(5)).version = core::Version{4};  // of a later RFC
  all.interfaces["eth1"].groups.at(core::Vrid(6)).priority = 0;                // none was written
  const std::string text = encode(all);
  const auto decoded = decode_configuration(as_bytes(text));
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(decoded->interfaces.at("eth1").groups.empty());
  EXPECT_TRUE(decoded->interfaces.contains("eth2"));
}

// The first group of eth1 after it has been written and read; nullopt if it was left out.
std::optional<config::Group> read_again(const config::Group& written) {
  config::Config all;
  all.interfaces["eth1"].groups.emplace(written.vrid, written);
  const std::string text = encode(all);
  const auto decoded = decode_configuration(as_bytes(text));
  const auto& groups = decoded->interfaces.at("eth1").groups;
  return groups.empty() ? std::nullopt : std::optional(groups.begin()->second);
}

// The core ends the process when it gets a larger value; longer times overflow its arithmetic.
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
    EXPECT_FALSE(decode_configuration(as_bytes(text))) << lease.count();
  }
}

// ---- records

const config::RouterKey kKey{"eth1", core::Vrid(5), core::Family::ipv6};

// Every optional field has a value.
core::SavedState full_state() {
  core::SavedState state;
  state.state = core::State::backup;
  state.stopping = true;
  state.source = address("fe80::7");
  state.backup = {.set_at = at(1'000'001),
                  .released = true,
                  .learned_interval = milliseconds(250),
                  .hold_since = at(2'000'002),
                  .not_followed = core::MasterInfo{address("fe80::8"), 90, milliseconds(100)}};
  state.master_timer = {.next_advertisement = at(3'000'003),
                        .immediate_since = at(4'000'004),
                        .immediate_sent = 3,
                        .announce_again = at(6'000'006),
                        .quiet_until = at(7'000'007)};
  state.other_form = core::OtherForm{.address = address("10.0.0.8"), .heard = at(8'000'008)};
  state.master = core::MasterInfo{address("fe80::9"), 220, milliseconds(250)};
  state.heard_form = packet::ChecksumForm::message_only;
  state.version_3_peer = core::Version3Peer{.address = address("10.0.0.9"), .until = at(5'000'005), .alone = 2};
  state.startup = {.holds = true, .heard = true};
  return state;
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
  for (const packet::Drop drop : packet::kDrops) {
    statistics.drops.set(drop, ++number);
  }
  return past;
}

using Room = std::array<std::byte, 768>;

Bytes encoded(const core::SavedState& state, const Past& past, Room& room) {
  return Bytes(room).first(encode(kKey, state, past, room));
}

void expect_equal(const Record& record, const core::SavedState& state, const Past& past) {
  EXPECT_EQ(record.key, kKey);
  EXPECT_EQ(record.state, state);
  EXPECT_EQ(record.past, past);
}

TEST(RecordCodec, EachFieldHasANumber) {
  expect_usable_numbers(Record{kKey, full_state(), full_past()});
  expect_usable_numbers(core::Statistics());
  expect_usable_numbers(*full_state().master);
  expect_usable_numbers(*full_state().other_form);
  expect_usable_numbers(*full_state().version_3_peer);
}

TEST(RecordCodec, GivesBackWhatItWasGiven) {
  EXPECT_THAT(fields_left_out(Record{kKey, full_state(), full_past()}), testing::IsEmpty());
  EXPECT_THAT(fields_left_out(full_past().statistics), testing::IsEmpty());
  Room room{};
  const auto record = decode_record(encoded(full_state(), full_past(), room));
  ASSERT_TRUE(record);
  expect_equal(*record, full_state(), full_past());
}

TEST(RecordCodec, GivesBackARouterThatHasJustBeenAdded) {
  Room room{};
  const auto record = decode_record(encoded(core::SavedState(), Past(), room));
  ASSERT_TRUE(record);
  expect_equal(*record, core::SavedState(), Past());
}

TEST(RecordCodec, ARoomThatIsTooSmallGetsNothing) {
  Room room{};
  const std::size_t size = encoded(full_state(), full_past(), room).size();
  EXPECT_LT(size, 500U)
      << "the largest record has to fit into a slot (vrrpd/fence/memory_layout.cpp), with room for more";
  EXPECT_EQ(encode(kKey, full_state(), full_past(), std::span(room).first(size - 1)), 0U);
  EXPECT_EQ(encode(kKey, full_state(), full_past(), std::span(room).first(size)), size);
}

TEST(RecordCodec, WhatALaterVersionAddsIsIgnored) {
  Room room{};
  const std::size_t size = encoded(full_state(), full_past(), room).size();
  // Field 2000, a varint: 7; field 2001, bytes: "ab".
  const std::array<unsigned char, 9> more{0x80, 0x7d, 7, 0x8a, 0x7d, 2, 'a', 'b', 0};
  std::memcpy(&room[size], more.data(), 8);
  const auto record = decode_record(Bytes(room).first(size + 8));
  ASSERT_TRUE(record);
  expect_equal(*record, full_state(), full_past());
}

TEST(RecordCodec, NoiseIsNoRecord) {
  EXPECT_FALSE(decode_record({}));
  for (unsigned char first = 0; first < 255; ++first) {
    const std::array<unsigned char, 6> noise{first, 0xff, first, 0x80, 3, first};
    EXPECT_FALSE(decode_record(std::as_bytes(std::span(noise)))) << +first;
  }
}

// A Master or Backup without a source address cannot send: it starts anew.
TEST(RecordCodec, AStateThatCannotBeIsInitialize) {
  Room room{};
  core::SavedState state = full_state();
  state.source.reset();
  EXPECT_EQ(decode_record(encoded(state, Past(), room))->state.state, core::State::initialize);
}

// Adverts from such a source would have addresses of two families: the encoder ends the process for that.
TEST(RecordCodec, ASourceOfTheOtherFamilyIsNone) {
  Room room{};
  core::SavedState state = full_state();
  state.source = address("10.0.0.7");
  const auto record = decode_record(encoded(state, Past(), room));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->state.source, std::nullopt);
  EXPECT_EQ(record->state.state, core::State::initialize);
}

TEST(RecordCodec, ATimeThatCannotBeIsNoRecord) {
  Room room{};
  const auto is_record = [&](const core::SavedState& state, const Past& past) {
    return decode_record(encoded(state, past, room)).has_value();
  };
  for (const base::TimePoint time :
       {base::TimePoint::min(), base::TimePoint(base::Duration(-1)), base::TimePoint::max()}) {
    std::vector<core::SavedState> all(9, full_state());
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
    EXPECT_FALSE(is_record(full_state(), past));
  }
}

// ---- the first version of the format (format_2.proto), as protoc's code reads and writes it

TEST(Format2, ReadsTheRecordsOfThisVersion) {
  Room room{};
  const Bytes bytes = encoded(full_state(), full_past(), room);
  proto::Router message;
  ASSERT_TRUE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  EXPECT_EQ(message.interface(), "eth1");
  EXPECT_EQ(message.vrid(), 5U);
  EXPECT_EQ(message.ip_version(), 6U);
  EXPECT_EQ(message.state(), proto::Router::BACKUP);
  EXPECT_EQ(message.backup_timer_set_at(), 1'000'001);
  EXPECT_EQ(message.learned_interval(), 250'000);
  EXPECT_EQ(message.hold_since(), 2'000'002);
  EXPECT_EQ(message.not_followed().priority(), 90U);
  EXPECT_EQ(message.immediate_sent(), 3);
  EXPECT_EQ(message.heard_form(), proto::MESSAGE_ONLY);
  EXPECT_EQ(message.version_3_peer().alone(), 2);
  EXPECT_TRUE(message.port_heard());
  EXPECT_EQ(message.statistics().advertisements_sent(), 101U);
  EXPECT_EQ(message.statistics().drops_size(), static_cast<int>(packet::kDropCount));
  EXPECT_EQ(message.link_ups(), 3U);
}

TEST(Format2, IsReadByThisVersion) {
  Room room{};
  const Bytes bytes = encoded(full_state(), full_past(), room);
  proto::Router message;
  ASSERT_TRUE(message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
  const std::string again = message.SerializeAsString();  // in the order of the numbers
  const auto record = decode_record(as_bytes(again));
  ASSERT_TRUE(record);
  expect_equal(*record, full_state(), full_past());
}

TEST(Format2, GoesWithTheConfigurationsOfThisVersion) {
  proto::Configuration message;
  ASSERT_TRUE(message.ParseFromString(encode(configuration())));
  EXPECT_TRUE(message.present());
  EXPECT_EQ(message.address_lease_seconds(), 10);
  ASSERT_EQ(message.interfaces_size(), 2);
  ASSERT_EQ(message.interfaces(0).groups_size(), 2);
  const proto::Group& first = message.interfaces(0).groups(0);
  EXPECT_EQ(first.advertisement_interval(), 100'000);
  EXPECT_EQ(first.startup_delay_seconds(), 30);
  EXPECT_EQ(first.router_advertisement().interval_seconds(), 3);
  EXPECT_EQ(first.checksum(), proto::Group::MESSAGE_ALWAYS);
  const std::string again = message.SerializeAsString();
  EXPECT_EQ(decode_configuration(as_bytes(again)), configuration());
}

}  // namespace
}  // namespace tandem::vrrpd::checkpoint

// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstring>
#include <sstream>

#include "vrrpd/core/testing.h"
#include "vrrpd/recording/limits.h"
#include "vrrpd/recording/line.h"
#include "vrrpd/recording/recorder.h"
#include "vrrpd/recording/replay.h"

namespace tandem::vrrpd::recording {
namespace {

using namespace core::testing;
using base::Duration;
using base::TimePoint;
using core::RouterId;
using ::testing::HasSubstr;

constexpr RouterId kId{7};
constexpr TimePoint kStart{100s};

// A recorder that writes into a string.
class Recorded {
 public:
  void record() {
    const std::array<RouterId, 1> all{kId};
    recorder.record({.take =
                         [this](std::string text) {
                           tape += text;
                           return tape.size() < room;
                         },
                     .name_of = [](RouterId) { return std::string("vrrp 5 on eth1 (IPv4)"); }},
                    now);
    recorder.include(all, now);
  }
  void add(const core::RouterConfig& config = v3_config()) { recorder.add(kId, config, good_status(), now, actions); }
  void hear(std::uint8_t priority, const char* from = kHigher) {
    const std::vector<std::uint8_t> addresses{10, 0, 0, 16};
    const packet::Advertisement fields{core::Version::v3, core::Vrid(5), priority, base::Centiseconds(100),
                                       ChecksumForm::pseudoheader};
    recorder.handle(kId,
                    core::AdvertisementReceived{{fields, ip(from), packet::AddressView(base::Family::ipv4, addresses)}},
                    now, actions);
  }
  void handle(const core::Event& event) { recorder.handle(kId, event, now, actions); }
  void wait(Duration duration) {
    now += duration;
    recorder.advance(now, actions);
  }

  Recorder recorder;
  core::Actions actions;
  std::string tape;
  std::size_t room = 1'000'000;  // of the tape
  TimePoint now = kStart;
};

struct Replayed {
  std::string timeline;
  std::string error;
  std::vector<Replay::Difference> differences;
  std::size_t inputs = 0;
  std::size_t actions = 0;
};
Replayed replay(const std::string& tape) {
  Replayed result;
  Replay replay([&](std::string_view line) { result.timeline += std::string(line) + "\n"; });
  base::Result<> done;
  std::istringstream lines(tape);
  for (std::string line; done && std::getline(lines, line);) {
    done = replay.feed(line);
  }
  if (done) {
    done = replay.finish();
  }
  result.error = done ? "" : done.error().message;
  result.differences = replay.differences();
  result.inputs = replay.inputs();
  result.actions = replay.actions();
  return result;
}

TEST(RecordingTest, LooksLikeThis) {
  Recorded r;
  r.record();
  r.add();
  r.hear(200);
  r.wait(4s);
  r.recorder.stop_recording();
  EXPECT_EQ(r.tape,
            "tandem-recording 1\n"
            "router 7 vrrp 5 on eth1 (IPv4)\n"
            "100000000 add 7 vrid=5 version=3 version2=no priority=100 interval=1000000 preempt=yes delay=0 "
            "checksum=automatic shutdown=no startup-delay=0 family=ipv4 addresses=10.0.0.16 present=yes other-vrf=no "
            "up=yes ready=yes primary=10.0.0.10 own=10.0.0.10 counts-from=0\n"
            "> 7 Initialize -> Backup: startup\n"
            "100000000 heard 7 version=3 vrid=5 priority=200 interval=100 form=pseudoheader from=10.0.0.20 "
            "addresses=10.0.0.16\n"
            "104000000 advance\n"
            "> 7 send version=3 vrid=5 priority=100 interval=100 form=pseudoheader from=10.0.0.10 "
            "addresses=10.0.0.16\n"
            "> 7 claim\n"
            "> 7 announce 10.0.0.16\n"
            "> 7 Backup -> Master: master down interval expired (10.0.0.20 priority 200)\n");
}

TEST(RecordingTest, IsReplayedAsATimeline) {
  Recorded r;
  r.record();
  r.add();
  r.wait(4s);
  r.recorder.stop_recording();
  const Replayed replayed = replay(r.tape);
  EXPECT_EQ(replayed.error, "");
  EXPECT_TRUE(replayed.differences.empty());
  EXPECT_EQ(replayed.inputs, 2U);
  EXPECT_EQ(replayed.actions, 5U);
  EXPECT_THAT(replayed.timeline, HasSubstr("      4.000000 advance\n"
                                           "            -> vrrp 5 on eth1 (IPv4): send version=3"));
}

// A recording may begin at any time: it contains the state of each router.
TEST(RecordingTest, ThatBeginsInTheMiddleIsReplayed) {
  for (const std::uint8_t heard : std::array<std::uint8_t, 4>{0, 50, 100, 200}) {
    for (const Duration before : std::array<Duration, 3>{0us, 3s, 5s}) {
      Recorded r;
      core::RouterConfig config = v3_config();
      config.preempt_delay = 20s;
      r.add(config);
      r.hear(heard);
      r.wait(before);
      r.record();
      for (int i = 0; i < 12; ++i) {
        r.hear(50);
        r.wait(2s);
      }
      r.handle(core::StopRequested{});
      r.recorder.stop_recording();
      const Replayed replayed = replay(r.tape);
      EXPECT_EQ(replayed.error, "");
      EXPECT_TRUE(replayed.differences.empty()) << r.tape;
      EXPECT_GE(replayed.actions, 4U);
    }
  }
}

TEST(RecordingTest, OfAnEngineThatDidSomethingElseIsNoticed) {
  Recorded r;
  r.record();
  r.add();
  r.wait(4s);
  r.recorder.stop_recording();
  std::string changed = r.tape;
  changed.replace(changed.find("> 7 claim\n"), std::strlen("> 7 claim\n"), "");
  const Replayed replayed = replay(changed);
  ASSERT_FALSE(replayed.differences.empty());
  EXPECT_EQ(replayed.differences[0].line, 5U);
  EXPECT_EQ(replayed.differences[0].replayed, "> 7 claim");
  EXPECT_EQ(replayed.differences[0].recorded, "> 7 announce 10.0.0.16");
}

TEST(RecordingTest, WritesNothingBeforeAndAfter) {
  Recorded r;
  r.add();
  r.wait(4s);
  r.record();
  r.recorder.stop_recording();
  const std::size_t size = r.tape.size();
  r.wait(4s);
  r.handle(core::StopRequested{});
  EXPECT_EQ(r.tape.size(), size);
  EXPECT_FALSE(r.recorder.is_recording());
}

// A reader of the file sees events at most a second late, and a recording of many events does not collect them in
// memory.
TEST(RecordingTest, IsHandedOverInTime) {
  Recorded r;
  r.record();
  r.add();
  EXPECT_EQ(r.tape, "");
  r.wait(4s);
  EXPECT_THAT(r.tape, HasSubstr("advance"));
  const std::size_t size = r.tape.size();
  for (int i = 0; i < 1000; ++i) {
    r.hear(50);
  }
  EXPECT_GT(r.tape.size(), size + kChunkSize);
}

TEST(RecordingTest, EndsWhenThereIsNoMoreRoom) {
  Recorded r;
  r.room = 1000;
  r.record();
  r.add();
  while (r.now < kStart + 100s) {
    r.wait(1s);
  }
  EXPECT_FALSE(r.recorder.is_recording());
  EXPECT_EQ(r.recorder.find(kId)->state(), core::State::master);
}

// Many routers are included in several steps; the recording is correct after each of them.
TEST(RecordingTest, HasOnlyTheRoutersThatItIncludes) {
  Recorded r;
  r.add();
  constexpr RouterId kOther{8};
  r.recorder.add(kOther, v3_config(), good_status(), r.now, r.actions);
  r.record();
  r.wait(4s);
  r.recorder.handle(kOther, core::StopRequested{}, r.now, r.actions);
  r.recorder.include(std::array{kOther}, r.now);
  r.wait(1s);
  r.recorder.stop_recording();
  const Replayed replayed = replay(r.tape);
  EXPECT_EQ(replayed.error, "");
  EXPECT_TRUE(replayed.differences.empty()) << r.tape;
  EXPECT_THAT(r.tape, HasSubstr("resume 8"));
  EXPECT_THAT(r.tape, ::testing::Not(HasSubstr("stop 8")));
}

struct Wrong {
  const char* text;
  const char* error;
};
const Wrong kWrong[] = {
    {"", "this is no recording: it is empty"},
    {"tandem-recording 2\n", "line 1: this is no recording: \"tandem-recording 1\" expected"},
    {"tandem-recording 1\nx advance\n", "line 2: a time in microseconds expected, found \"x\""},
    {"tandem-recording 1\n1 advance 7\n", "line 2: \"7\" is too much"},
    {"tandem-recording 1\n1 dance 7\n", "line 2: \"dance\" is not something that happens"},
    {"tandem-recording 1\n1 stop x\n", "line 2: the number of a router expected, found \"x\""},
    {"tandem-recording 1\n1 stop 7 now\n", "line 2: stop: \"now\" is too much"},
    {"tandem-recording 1\nrouter 7\n", "line 2: the number of a router and its name expected, found \"7\""},
    {"tandem-recording 1\n1 rejected 7 reason=boredom from=10.0.0.1\n",
     "line 2: rejected: reason=… expected, found \"reason=boredom\""},
    {"tandem-recording 1\n1 add 7 family=ipv4 vrid=0\n", "line 2: add: vrid=… expected, found \"vrid=0\""},
    {"tandem-recording 1\n1 add 7 family=ipv4 vrid=5 version=3 priority=100 interval=0 preempt=yes delay=0 "
     "checksum=automatic shutdown=no addresses=- version2=no present=yes other-vrf=no up=yes ready=yes primary=- "
     "own=-\n",
     "line 2: add: interval is 0"},
};

// A file that was edited by hand cannot break an invariant.
TEST(RecordingTest, SaysWhatIsWrongWithAFile) {
  for (const Wrong& wrong : kWrong) {
    EXPECT_EQ(replay(wrong.text).error, wrong.error) << wrong.text;
  }
}

TEST(RecordingTest, RefusesWhatTheEngineTakesForGranted) {
  const std::string add = [] {
    Recorded r;
    r.record();
    r.add();
    r.recorder.stop_recording();
    return r.tape;
  }();
  const std::string line = add.substr(add.find("100000000 add"));
  EXPECT_THAT(replay(add + line).error, HasSubstr("router 7 is there already"));
  EXPECT_THAT(replay(add + "1 heard 7 version=3 vrid=5 priority=1 interval=100 form=pseudoheader from=fe80::1 "
                           "addresses=fe80::2\n")
                  .error,
              HasSubstr("router 7 hears only IPv4"));
}

// --- to_line() and parse_input() are inverse to each other

core::AddressList any_addresses(base::Family family) {
  auto addresses = std::make_shared<std::vector<core::IpAddress>>();
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    addresses->push_back(family == base::Family::ipv4 ? core::IpAddress::v4(10, 0, 0, static_cast<std::uint8_t>(i))
                                                      : ip(fmt::format("fe80::{:x}", i + 1)));
  }
  return addresses;
}

core::RouterConfig any_config() {
  const auto family = *rc::gen::element(base::Family::ipv4, base::Family::ipv6);
  return {{.vrid = packet::Vrid(*rc::gen::inRange(1U, 256U)),
           .version = family == base::Family::ipv6 ? packet::Version::v3
                                                   : *rc::gen::element(packet::Version::v2, packet::Version::v3),
           .also_version_2 = *rc::gen::arbitrary<bool>(),
           .priority = *rc::gen::inRange<std::uint8_t>(1, 255),
           .advertisement_interval = Duration(*rc::gen::inRange(1, 40'950'000)),
           .preempt = *rc::gen::arbitrary<bool>(),
           .preempt_delay = Duration(*rc::gen::inRange(0, 1'000'000'000)),
           .checksum = *rc::gen::element(core::ChecksumMode::automatic, core::ChecksumMode::pseudoheader,
                                         core::ChecksumMode::message_only),
           .shutdown = *rc::gen::arbitrary<bool>()},
          family,
          any_addresses(family)};
}

core::InterfaceStatus any_status() {
  core::InterfaceStatus status;
  status.present = *rc::gen::arbitrary<bool>();
  status.other_vrf = *rc::gen::arbitrary<bool>();
  status.up = *rc::gen::arbitrary<bool>();
  status.device_ready = *rc::gen::arbitrary<bool>();
  status.primary = *rc::gen::element<std::optional<core::IpAddress>>(std::nullopt, ip(kOwn));
  status.addresses = *any_addresses(base::Family::ipv4);
  status.counts_from = TimePoint(Duration(*rc::gen::inRange(-1'000'000, 1'000'000)));
  return status;
}

TimePoint any_time() { return TimePoint(Duration(*rc::gen::inRange<std::int64_t>(0, kMaxMicroseconds))); }

core::MasterInfo any_master() {
  return {ip(kHigher), *rc::gen::arbitrary<std::uint8_t>(), Duration(*rc::gen::inRange(0, 40'950'000))};
}

core::SavedState any_memory() {
  core::SavedState memory{.state = *rc::gen::element(core::State::initialize, core::State::backup, core::State::master),
                          .stopping = *rc::gen::arbitrary<bool>(),
                          .source = ip(kOwn)};
  memory.backup = {.set_at = any_time(), .released = *rc::gen::arbitrary<bool>()};
  if (*rc::gen::arbitrary<bool>()) {
    memory.backup.learned_interval = Duration(*rc::gen::inRange(0, 40'950'000));
    memory.backup.hold_since = any_time();
    memory.backup.not_followed = any_master();
    memory.master = any_master();
    memory.heard_form = ChecksumForm::message_only;
    memory.version_3_peer =
        core::Version3Peer{.address = ip(kHigher), .until = any_time(), .alone = *rc::gen::inRange(0, 9)};
    memory.other_form = core::OtherForm{.address = ip(kHigher), .heard = any_time()};
    memory.master_timer.announce_again = any_time();
  }
  memory.master_timer.next_advertisement = any_time();
  memory.master_timer.immediate_since = any_time();
  memory.master_timer.immediate_sent = *rc::gen::inRange(0, 9);
  memory.master_timer.quiet_until = any_time();
  return memory;
}

decltype(Input::what) anything() {
  switch (*rc::gen::inRange(0, 8)) {
    case 0:
      return Added{any_config(), any_status()};
    case 1:
      return Resumed{any_config(), any_status(), any_memory()};
    case 2:
      return Removed{};
    case 3:
      return core::Configured{any_config()};
    case 4:
      return core::InterfaceChanged{any_status()};
    case 5:
      return core::PacketRejected{*rc::gen::elementOf(packet::kDrops), ip(kHigher)};
    case 6:
      return core::StopRequested{};
    default:
      return HeardAdvertisement{{packet::Version::v3, packet::Vrid(*rc::gen::inRange(1U, 256U)),
                                 *rc::gen::arbitrary<std::uint8_t>(), base::Centiseconds(*rc::gen::inRange(1, 4096)),
                                 *rc::gen::element(ChecksumForm::pseudoheader, ChecksumForm::message_only)},
                                ip(kHigher),
                                *any_addresses(base::Family::ipv4)};
  }
}

RC_GTEST_PROP(RecordingTest, LinesAreReadAsTheyWereWritten, ()) {
  const Input input{any_time(), RouterId{*rc::gen::arbitrary<std::uint32_t>()}, anything()};
  const std::string line = to_line(input);
  const base::Result<Input> read = parse_input(line);
  RC_ASSERT(read.has_value());
  RC_ASSERT(read->what.index() == input.what.index());
  RC_ASSERT(to_line(*read) == line);
}

}  // namespace
}  // namespace tandem::vrrpd::recording

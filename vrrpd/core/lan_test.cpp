// SPDX-License-Identifier: Apache-2.0
// Routers that hear each other through the real codec, in virtual time: properties that a single state machine cannot
// show.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "vrrpd/core/testing.h"
#include "vrrpd/packet/frame.h"

namespace tandem::vrrpd::core {
namespace {

using namespace testing;

class Lan {
 public:
  struct Node {
    RouterConfig config;
    InterfaceStatus status;
    Engine engine{};
    bool connected = true;
    int sent = 0;
    std::vector<std::pair<TimePoint, Transition>> transitions{};
  };

  // `primary` also is the only address of the interface.
  Node& add(const char* primary, RouterConfig config) {
    InterfaceStatus status = good_status();
    status.primary = ip(primary);
    status.addresses = {*status.primary};
    return add(std::move(config), std::move(status));
  }
  Node& add(RouterConfig config, InterfaceStatus status) {
    auto node = std::make_unique<Node>(Node{std::move(config), std::move(status)});
    node->engine.add(kId, node->config, node->status, now, actions_);
    nodes_.push_back(std::move(node));
    carry_out(*nodes_.back());
    return *nodes_.back();
  }

  void handle(Node& node, const Event& event) {
    node.engine.handle(kId, event, now, actions_);
    carry_out(node);
  }

  void run_for(Duration duration) {
    const TimePoint end = now + duration;
    while (true) {
      const TimePoint next = next_moment();
      if (next > end) {
        break;
      }
      now = next;
      deliver();
      for (const auto& node : nodes_) {
        node->engine.advance(now, actions_);
        carry_out(*node);
      }
    }
    now = end;
  }

  static State state(const Node& node) { return node.engine.find(kId)->state(); }
  std::ptrdiff_t masters() const {
    return std::count_if(nodes_.begin(), nodes_.end(), [](const auto& n) { return state(*n) == State::master; });
  }

  TimePoint now{};

 private:
  static constexpr RouterId kId{1};
  static constexpr Duration kDelay = 150us;  // a switch

  struct Packet {
    Node* sender;
    std::vector<std::uint8_t> frame;
  };

  TimePoint next_moment() const {
    TimePoint next = packets_.empty() ? TimePoint::max() : packets_.begin()->first;
    for (const auto& node : nodes_) {
      next = std::min(next, node->engine.next_deadline().value_or(TimePoint::max()));
    }
    return next;
  }

  void carry_out(Node& node) {
    for (const Action& action : std::exchange(actions_, {})) {
      if (const auto* send = std::get_if<SendAdvertisement>(&action.what)) {
        packet::FrameBuffer buffer;
        const auto frame = packet::advertisement_frame(send->advertisement, send->source, *send->addresses, buffer);
        packets_.emplace(now + kDelay, Packet{&node, {frame.begin(), frame.end()}});
        ++node.sent;
      } else if (const auto* transitioned = std::get_if<Transitioned>(&action.what)) {
        node.transitions.emplace_back(now, transitioned->transition);
      }
    }
  }

  void deliver() {
    while (!packets_.empty() && packets_.begin()->first <= now) {
      const Packet packet = packets_.extract(packets_.begin()).mapped();
      for (const auto& node : nodes_) {
        if (node.get() == packet.sender || !node->connected || !packet.sender->connected) {
          continue;
        }
        const auto received = packet::decode_ipv4(base::Bytes(packet.frame).subspan(14));
        ASSERT_TRUE(received.has_value());
        handle(*node, AdvertisementReceived{*received});
      }
    }
  }

  std::vector<std::unique_ptr<Node>> nodes_;
  std::multimap<TimePoint, Packet> packets_;
  Actions actions_;
};

RouterConfig with_priority(std::uint8_t priority) {
  RouterConfig config = v3_config();
  config.priority = priority;
  return config;
}

TEST(LanTest, HighestPriorityBecomesMasterAndTheOthersStaySilent) {
  Lan lan;
  auto& high = lan.add("10.10.10.15", with_priority(210));
  auto& low = lan.add("10.10.10.10", with_priority(200));
  lan.run_for(60s);
  EXPECT_EQ(Lan::state(high), State::master);
  EXPECT_EQ(Lan::state(low), State::backup);
  EXPECT_EQ(low.sent, 0);
  EXPECT_EQ(high.transitions.size(), 2U);
  EXPECT_EQ(low.transitions.size(), 1U);
}

TEST(LanTest, BackupTakesOverWithinMasterDownIntervalOfSilence) {
  Lan lan;
  auto& high = lan.add("10.10.10.15", with_priority(210));
  auto& low = lan.add("10.10.10.10", with_priority(200));
  lan.run_for(10s);
  const TimePoint death = lan.now;
  high.connected = false;
  lan.run_for(5s);
  EXPECT_EQ(Lan::state(low), State::master);
  EXPECT_LE(low.transitions.back().first - death, 3218750us);
  EXPECT_EQ(low.transitions.back().second.cause, Cause::master_down);
}

TEST(LanTest, BackupTakesOverAfterSkewTimeWhenTheMasterStops) {
  Lan lan;
  auto& high = lan.add("10.10.10.15", with_priority(210));
  auto& low = lan.add("10.10.10.10", with_priority(200));
  lan.run_for(10s);
  const TimePoint stop = lan.now;
  lan.handle(high, StopRequested{});
  lan.run_for(1s);
  EXPECT_EQ(Lan::state(low), State::master);
  EXPECT_EQ(low.transitions.back().first - stop, 218750us + 150us);
  EXPECT_EQ(low.transitions.back().second.peer, ip("10.10.10.15"));
}

TEST(LanTest, ReturningMasterPreempts) {
  Lan lan;
  auto& low = lan.add("10.10.10.10", with_priority(200));
  lan.run_for(10s);
  auto& high = lan.add("10.10.10.15", with_priority(210));
  lan.run_for(3179687us);
  EXPECT_EQ(Lan::state(high), State::master);
  EXPECT_EQ(high.transitions.back().second.cause, Cause::preempting);
  lan.run_for(1ms);
  EXPECT_EQ(Lan::state(low), State::backup);
  EXPECT_EQ(low.transitions.back().second.cause, Cause::higher_priority);
}

TEST(LanTest, ReturningMasterWaitsForItsPreemptDelay) {
  Lan lan;
  auto& low = lan.add("10.10.10.10", with_priority(200));
  lan.run_for(10s);
  RouterConfig config = with_priority(210);
  config.preempt_delay = 20s;
  auto& high = lan.add("10.10.10.15", config);
  const TimePoint start = lan.now;
  lan.run_for(30s);
  EXPECT_EQ(Lan::state(high), State::master);
  EXPECT_EQ(Lan::state(low), State::backup);
  EXPECT_EQ(high.transitions.back().second.cause, Cause::preempt_delay_over);
  EXPECT_GE(high.transitions.back().first - start, 20s);
  EXPECT_LE(high.transitions.back().first - start, 21s);
}

// Both timers end at the same moment; each becomes Master and hears the other directly after its transition.
TEST(LanTest, EqualRoutersThatTakeOverTogetherAgreeAtOnce) {
  Lan lan;
  auto& lower = lan.add("10.10.10.10", with_priority(100));
  auto& higher = lan.add("10.10.10.128", with_priority(100));
  lan.run_for(kMasterDown);
  EXPECT_EQ(lan.masters(), 2);
  lan.run_for(1ms);
  EXPECT_EQ(lan.masters(), 1);
  EXPECT_EQ(Lan::state(higher), State::master);
  EXPECT_EQ(lower.transitions.back().second.cause, Cause::equal_priority_higher_address);
  lan.run_for(60s);
  EXPECT_EQ(lower.transitions.size(), 3U) << "no flapping";
}

// R66: the Master's answer ends the split without waiting for an interval.
TEST(LanTest, HealedPartitionIsResolvedByTheFirstAdvert) {
  Lan lan;
  RouterConfig slow = with_priority(200);
  slow.advertisement_interval = 40s;
  auto& low = lan.add("10.10.10.10", with_priority(100));
  auto& high = lan.add("10.10.10.15", slow);
  low.connected = false;
  lan.run_for(200s);
  EXPECT_EQ(lan.masters(), 2);
  low.connected = true;
  lan.run_for(1001ms);
  EXPECT_EQ(Lan::state(high), State::master);
  EXPECT_EQ(Lan::state(low), State::backup);
}

// R24, erratum 8298.
TEST(LanTest, TwoOwnersConvergeOnTheHigherAddress) {
  Lan lan;
  InterfaceStatus status = good_status();
  status.addresses = {ip(kVirtual)};
  status.primary = ip("10.0.0.3");
  auto& lower = lan.add(v3_config(), status);
  status.primary = ip("10.0.0.4");
  auto& higher = lan.add(v3_config(), status);
  lan.run_for(2s);
  EXPECT_EQ(Lan::state(higher), State::master);
  EXPECT_EQ(Lan::state(lower), State::backup);
  const auto transitions = lower.transitions.size();
  lan.run_for(60s);
  EXPECT_EQ(lower.transitions.size(), transitions);
}

// X9, X7: no rule decides this case, but it must not become a storm.
TEST(LanTest, TwoRoutersWithTheSameAddressDoNotAnswerEachOtherForEver) {
  Lan lan;
  auto& one = lan.add("10.10.10.10", with_priority(100));
  auto& other = lan.add("10.10.10.10", with_priority(100));
  lan.run_for(13s);
  EXPECT_LE(one.sent + other.sent, 20);
}

// R13: a peer that does not accept our form of the checksum becomes Master too. Its first advert teaches us its form,
// and our answer reaches it.
TEST(LanTest, AutomaticChecksumHealsItself) {
  Lan lan;
  RouterConfig strict = with_priority(100);
  strict.checksum = ChecksumMode::message_only;
  auto& peer = lan.add("10.10.10.20", strict);
  auto& automatic = lan.add("10.10.10.10", with_priority(200));
  lan.run_for(kMasterDown);
  EXPECT_EQ(lan.masters(), 2);
  lan.run_for(1ms);
  EXPECT_EQ(lan.masters(), 2) << "one advert that loses may be forged";
  lan.run_for(1s);
  EXPECT_EQ(Lan::state(automatic), State::master);
  EXPECT_EQ(Lan::state(peer), State::backup);
  lan.run_for(60s);
  EXPECT_EQ(lan.masters(), 1);
}

TEST(LanTest, ManyBackupsElectOneAfterAnother) {
  Lan lan;
  std::vector<Lan::Node*> nodes;
  for (int i = 0; i < 20; ++i) {
    const std::string address = fmt::format("10.10.10.{}", 100 + i);
    nodes.push_back(&lan.add(address.c_str(), with_priority(static_cast<std::uint8_t>(200 - 5 * i))));
  }
  lan.run_for(10s);
  for (std::size_t i = 0; i + 1 < nodes.size(); ++i) {
    EXPECT_EQ(lan.masters(), 1);
    EXPECT_EQ(Lan::state(*nodes[i]), State::master) << i;
    lan.handle(*nodes[i], StopRequested{});
    lan.run_for(3s);
  }
}

}  // namespace
}  // namespace tandem::vrrpd::core

// SPDX-License-Identifier: Apache-2.0
// One virtual router under test, in virtual time: its events and its actions, as text that a table can hold.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "vrrpd/core/engine.h"

namespace tandem::vrrpd::core::testing {

using namespace std::chrono_literals;
using packet::ChecksumForm;
using packet::Drop;

inline IpAddress ip(std::string_view text) { return IpAddress::parse(text).value(); }

inline AddressList list(std::initializer_list<std::string_view> texts) {
  auto addresses = std::make_shared<std::vector<IpAddress>>();
  for (const std::string_view text : texts) {
    addresses->push_back(ip(text));
  }
  return addresses;
}

constexpr const char* kLower = "10.0.0.5";
constexpr const char* kOwn = "10.0.0.10";
constexpr const char* kHigher = "10.0.0.20";
constexpr const char* kVirtual = "10.0.0.16";

// Priority 100 at 1 s: Skew_Time 609375 us, Master_Down_Interval 3609375 us.
constexpr Duration kSkew = 609375us;
constexpr Duration kMasterDown = 3609375us;

inline RouterConfig v3_config() {
  return {{.vrid = Vrid(5),
           .version = Version::v3,
           .priority = 100,
           .advertisement_interval = 1s,
           .preempt = true,
           .preempt_delay = 0s,
           .checksum = ChecksumMode::automatic,
           .shutdown = false},
          Family::ipv4,
          list({kVirtual})};
}
inline RouterConfig v2_config() {
  RouterConfig config = v3_config();
  config.version = Version::v2;
  return config;
}

inline InterfaceStatus good_status() {
  return {.present = true, .up = true, .device_ready = true, .primary = ip(kOwn), .addresses = {ip(kOwn)}};
}

inline std::string name_of(Notice notice) {
  switch (notice) {
    case Notice::packet_dropped:
      return "dropped";
    case Notice::interval_mismatch:
      return "interval mismatch";
    case Notice::address_list_mismatch:
      return "address list mismatch";
    case Notice::owner_conflict:
      return "owner conflict";
    case Notice::equal_priority:
      return "equal priority";
    case Notice::checksum_form_changed:
      return "checksum form changed";
    case Notice::no_version_2:
      return "no version 2";
  }
  return "?";
}

inline std::string join(const std::vector<IpAddress>& addresses) {
  std::string text;
  for (const IpAddress& address : addresses) {
    text += (text.empty() ? "" : ",") + address.to_string();
  }
  return text;
}

inline std::string to_text(const SendAdvertisement& send) {
  return fmt::format("send {}", send.advertisement.priority);
}
inline std::string to_text(const OwnershipChanged& ownership) { return ownership.claimed ? "claim" : "let go"; }
inline std::string to_text(const HeldBack& change) { return change.held ? "held back" : "delay over"; }
inline std::string to_text(const Announce& announce) { return "announce " + join(*announce.addresses); }
inline std::string to_text(const Transitioned& transitioned) {
  const Transition& t = transitioned.transition;
  std::string text = fmt::format("{}: {}", to_string(t.to), to_string(t.cause));
  if (t.initialize_reason != InitializeReason::none) {
    text = fmt::format("{}: {}", to_string(t.to), describe(t.initialize_reason, "eth1"));
  }
  return t.peer ? fmt::format("{} ({} priority {})", text, t.peer->to_string(), t.peer_priority) : text;
}
inline std::string to_text(const Noticed& noticed) {
  const std::string drop =
      noticed.notice == Notice::packet_dropped ? fmt::format(" {}", packet::info(noticed.drop).name) : "";
  return name_of(noticed.notice) + drop;
}

using Texts = std::vector<std::string>;
inline Texts to_texts(const Actions& actions) {
  Texts texts;
  for (const Action& action : actions) {
    texts.push_back(std::visit([](const auto& what) { return to_text(what); }, action.what));
  }
  return texts;
}

// An advert of a peer as vrrpd/packet returns it. It agrees with our configuration unless the test changes a field.
struct Peer {
  std::uint8_t priority = 100;
  const char* address = kHigher;
  base::Centiseconds interval{100};
  ChecksumForm checksum = ChecksumForm::pseudoheader;
  AddressList addresses = list({kVirtual});
  Version version = Version::v3;
};

class Subject {
 public:
  explicit Subject(RouterConfig initial = v3_config(), InterfaceStatus initial_status = good_status())
      : config(std::move(initial)), status(std::move(initial_status)) {
    engine_.add(kId, config, status, now, actions_);
  }

  // The actions since the last call.
  Texts did() { return to_texts(take()); }
  Actions take() { return std::exchange(actions_, {}); }

  void hear(const Peer& peer) {
    std::vector<std::uint8_t> bytes;
    for (const IpAddress& address : *peer.addresses) {
      bytes.insert(bytes.end(), address.bytes().begin(), address.bytes().end());
    }
    const IpAddress source = ip(peer.address);
    const packet::Advertisement fields{peer.version, config.vrid, peer.priority, peer.interval, peer.checksum};
    handle(AdvertisementReceived{{fields, source, packet::AddressView(source.family(), bytes)}});
  }
  void reconfigure() { handle(Configured{config}); }
  void update_status() { handle(InterfaceChanged{status}); }
  void handle(const Event& event) { engine_.handle(kId, event, now, actions_); }

  // Time passes; every deadline is handled exactly when it is due.
  void wait(Duration duration) { run_until(now + duration); }
  void run_until(TimePoint end) {
    while (engine_.next_deadline() && *engine_.next_deadline() <= end) {
      now = *engine_.next_deadline();
      engine_.advance(now, actions_);
    }
    now = end;
  }
  // Time passes while the daemon is busy: deadlines are handled late.
  void oversleep(Duration duration) {
    now += duration;
    engine_.advance(now, actions_);
  }

  const Router& router() const { return *engine_.find(kId); }
  State state() const { return router().state(); }
  const Statistics& statistics() const { return router().statistics(); }
  bool has_deadline() const { return engine_.next_deadline().has_value(); }
  // Time until the next deadline; minus one second if there is none.
  Duration left() const { return engine_.next_deadline() ? *engine_.next_deadline() - now : Duration(-1s); }

  // Brings the router to Master by its own timers, and discards the actions.
  Subject& become_master() {
    while (state() != State::master) {
      run_until(*engine_.next_deadline());
    }
    actions_.clear();
    return *this;
  }

  RouterConfig config;
  InterfaceStatus status;
  TimePoint now{};

 private:
  static constexpr RouterId kId{1};
  Engine engine_;
  Actions actions_;
};

}  // namespace tandem::vrrpd::core::testing

// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/timeline.h"

#include <chrono>

namespace tandem::sim {

namespace {

std::string text_of(const core::SendAdvertisement& send) { return fmt::format("send {}", send.advertisement.priority); }
std::string text_of(const core::OwnershipChanged& ownership) { return ownership.claimed ? "claim" : "let go"; }
std::string text_of(const core::HeldBack& change) {
  return change.held ? "is held back by the startup delay" : "startup delay is over";
}
std::string text_of(const core::Announce& announce) {
  return fmt::format("announce {} addresses", announce.addresses->size());
}
std::string text_of(const core::Transitioned& transitioned) {
  const core::Transition& change = transitioned.transition;
  const std::string why = change.initialize_reason == core::InitializeReason::none
                              ? std::string(core::to_string(change.cause))
                              : core::describe(change.initialize_reason, "its interface");
  return fmt::format("{} -> {}: {}", core::to_string(change.from), core::to_string(change.to), why);
}
std::string text_of(const core::Noticed& noticed) {
  return noticed.notice == core::Notice::packet_dropped ? fmt::format("drop: {}", packet::info(noticed.drop).name)
                                                        : std::string("notice");
}

}  // namespace

std::string to_text(const core::Action& action) {
  return std::visit([](const auto& what) { return text_of(what); }, action.what);
}

std::string to_text(const packet::ReceivedAdvertisement& received) {
  const auto interval = std::chrono::duration_cast<std::chrono::milliseconds>(received.fields.interval);
  return fmt::format("hears {}: v{} priority {}, {} ms", received.source.to_string(),
                     static_cast<int>(received.fields.version), received.fields.priority, interval.count());
}

void Timeline::add(TimePoint now, std::string line) {
  const std::int64_t us = now.time_since_epoch().count();
  lines_.push_back(fmt::format("{:6}.{:06} {}", us / 1'000'000, us % 1'000'000, line));
  if (lines_.size() > length_) {
    lines_.pop_front();
  }
}

void Timeline::machine(TimePoint now, MachineId machine, std::string_view what) {
  add(now, fmt::format("machine {:<2}            {}", machine, what));
}

void Timeline::lan(TimePoint now, LanId lan, std::string_view what) {
  add(now, fmt::format("lan {:<2}                {}", lan, what));
}

void Timeline::member(TimePoint now, MemberId member, std::string_view what) {
  const Member& which = scenario_.members[member];
  if (wants(which.group)) {
    const Group& group = scenario_.groups[which.group];
    add(now, fmt::format("machine {:<2} lan {:<2} {}{:<3}  {}", which.machine, group.lan,
                         group.family == Family::ipv4 ? '4' : '6', group.vrid.value(), what));
  }
}

}  // namespace tandem::sim

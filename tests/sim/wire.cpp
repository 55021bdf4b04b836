// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/wire.h"

namespace tandem::sim {

FrameId FramePool::acquire() {
  if (free_.empty()) {
    frames_.emplace_back();
    return static_cast<FrameId>(frames_.size() - 1);
  }
  const FrameId id = free_.back();
  free_.pop_back();
  return id;
}

void FramePool::release(FrameId id) {
  if (--frames_[id].references <= 0) {
    free_.push_back(id);
  }
}

Wire::Wire(const Scenario& scenario, Random random)
    : scenario_(scenario),
      random_(random),
      ports_(scenario.machines.size() * scenario.lans.size()),
      conditions_(scenario.lans.size()) {}

void Wire::calm() { conditions_.assign(conditions_.size(), {}); }

bool Wire::passes(LanId lan, MachineId from, MachineId to) {
  const Port& sender = port(from, lan);
  const Port& receiver = port(to, lan);
  if (!sender.carrier || !receiver.carrier || !sender.is_heard || !receiver.hears) {
    return false;
  }
  const Conditions& present = conditions_[lan];
  const auto side = [&](MachineId machine) { return ((present.split >> (machine % 32)) & 1U) != 0; };
  if (side(from) != side(to) && (side(to) ? present.cut_up : present.cut_down)) {
    return false;
  }
  return !random_.chance(present.loss);
}

Wire::Copy Wire::draw_copy(LanId lan) {
  const Conditions& present = conditions_[lan];
  const Duration longest = scenario_.lans[lan].jitter + present.jitter;
  const Duration jitter = longest > Duration::zero() ? random_.between(Duration::zero(), longest) : longest;
  return {.after = scenario_.lans[lan].delay + jitter, .corrupted = random_.chance(present.corruption)};
}

Wire::Fate Wire::fate(LanId lan, MachineId from, MachineId to) {
  Fate fate;
  if (!passes(lan, from, to)) {
    return fate;
  }
  fate.copy[0] = draw_copy(lan);
  fate.copies = 1;
  if (random_.chance(conditions_[lan].duplication)) {
    fate.copy[1] = draw_copy(lan);
    fate.copies = 2;
  }
  return fate;
}

void Wire::corrupt(Frame& frame) {
  const std::uint64_t bit = random_.below(frame.size * 8);
  frame.bytes[bit / 8] = static_cast<std::uint8_t>(frame.bytes[bit / 8] ^ (1U << (bit % 8)));
}

}  // namespace tandem::sim

// SPDX-License-Identifier: Apache-2.0
// For tests: interprets the programs of socket filters as the kernel does.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "lib/net/bpf.h"

namespace tandem::net::testing {

struct FilteredPacket {
  std::vector<std::uint8_t> network;  // from the IP header on
  std::size_t data = 0;               // where the socket's data begin
  std::uint32_t interface = 2;
  std::uint32_t random = 1;
};

inline std::optional<std::uint32_t> load(const FilteredPacket& packet, std::uint32_t offset, unsigned size) {
  if (offset == static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_RANDOM)) {
    return packet.random;
  }
  if (offset == static_cast<std::uint32_t>(SKF_AD_OFF + SKF_AD_IFINDEX)) {
    return packet.interface;
  }
  const auto network = static_cast<std::uint32_t>(SKF_NET_OFF);
  const std::size_t at = offset >= network ? offset - network : packet.data + offset;
  if (at + size > packet.network.size()) {
    return std::nullopt;
  }
  std::uint32_t value = 0;
  for (unsigned i = 0; i < size; ++i) {
    value = value << 8U | packet.network[at + i];
  }
  return value;
}

// What a program has at hand.
struct Machine {
  std::uint32_t a = 0;
  std::uint32_t x = 0;
  std::array<std::uint32_t, BPF_MEMWORDS> memory{};
};

inline bool execute_load(const sock_filter& step, const FilteredPacket& packet, Machine& machine) {
  std::optional<std::uint32_t> value;
  switch (step.code) {
    case BPF_LD | BPF_B | BPF_ABS:
      value = load(packet, step.k, 1);
      break;
    case BPF_LD | BPF_H | BPF_ABS:
      value = load(packet, step.k, 2);
      break;
    case BPF_LD | BPF_W | BPF_ABS:
      value = load(packet, step.k, 4);
      break;
    case BPF_LD | BPF_B | BPF_IND:
      value = load(packet, machine.x + step.k, 1);
      break;
    case BPF_LD | BPF_IMM:
      value = step.k;
      break;
    case BPF_LD | BPF_MEM:
      value = machine.memory.at(step.k);
      break;
    case BPF_LDX | BPF_IMM:
      machine.x = step.k;
      return true;
    case BPF_LDX | BPF_B | BPF_MSH:
      value = load(packet, step.k, 1);
      machine.x = value ? (*value & 0xfU) * 4 : 0;
      return value.has_value();
  }
  machine.a = value.value_or(0);
  return value.has_value();
}

inline void execute_other(const sock_filter& step, Machine& machine) {
  switch (step.code) {
    case BPF_ST:
      machine.memory.at(step.k) = machine.a;
      return;
    case BPF_MISC | BPF_TAX:
      machine.x = machine.a;
      return;
    case BPF_ALU | BPF_AND | BPF_K:
      machine.a &= step.k;
      return;
    case BPF_ALU | BPF_RSH | BPF_K:
      machine.a >>= step.k;
      return;
    case BPF_ALU | BPF_RSH | BPF_X:
      machine.a >>= machine.x;
      return;
  }
  FAIL() << "unknown instruction " << step.code;
}

inline std::size_t distance(const sock_filter& jump, std::uint32_t a) {
  if (jump.code == (BPF_JMP | BPF_JA)) {
    return jump.k;
  }
  return (jump.code == (BPF_JMP | BPF_JGE | BPF_K) ? a >= jump.k : a == jump.k) ? jump.jt : jump.jf;
}

inline bool passes(const FilterProgram& program, const FilteredPacket& packet) {
  Machine machine;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const sock_filter& step = program[at];
    switch (BPF_CLASS(step.code)) {
      case BPF_RET:
        return step.k != 0;
      case BPF_LD:
      case BPF_LDX:
        if (!execute_load(step, packet, machine)) {
          return false;
        }
        break;
      case BPF_JMP:
        at += distance(step, machine.a);
        break;
      default:
        execute_other(step, machine);
    }
  }
  ADD_FAILURE() << "the program has no end";
  return false;
}

}  // namespace tandem::net::testing

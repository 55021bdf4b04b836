// SPDX-License-Identifier: Apache-2.0
#include "lib/net/bpf.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "lib/base/check.h"
#include "lib/base/wire.h"

namespace tandem::net {
namespace {

constexpr std::uint32_t kWholePacket = 0xffffffff;
constexpr std::size_t kLongestJump = 255;  // the distance of a conditional jump is one byte

}  // namespace

FilterAssembler& FilterAssembler::add(unsigned code, std::uint32_t value) {
  program_.push_back({static_cast<std::uint16_t>(code), 0, 0, value});
  return *this;
}

FilterAssembler& FilterAssembler::jump_if_equal(std::uint32_t value, Label to) {
  jumps_.push_back({program_.size(), to, Jump::Part::if_true});
  return add(BPF_JMP | BPF_JEQ | BPF_K, value);
}

FilterAssembler& FilterAssembler::jump_unless_equal(std::uint32_t value, Label to) {
  jumps_.push_back({program_.size(), to, Jump::Part::if_false});
  return add(BPF_JMP | BPF_JEQ | BPF_K, value);
}

FilterAssembler& FilterAssembler::jump_if_less(std::uint32_t value, Label to) {
  jumps_.push_back({program_.size(), to, Jump::Part::if_false});
  return add(BPF_JMP | BPF_JGE | BPF_K, value);
}

FilterAssembler& FilterAssembler::jump(Label to) {
  jumps_.push_back({program_.size(), to, Jump::Part::always});
  return add(BPF_JMP | BPF_JA);
}

FilterAssembler& FilterAssembler::jump_unless_address(std::uint32_t offset, const base::IpAddress& address, Label to) {
  for (base::Reader words(address.bytes()); !words.rest().empty(); offset += 4) {
    load_word(offset).jump_unless_equal(words.u32(), to);
  }
  return *this;
}

FilterAssembler& FilterAssembler::accept() { return add(BPF_RET | BPF_K, kWholePacket); }

FilterAssembler& FilterAssembler::refuse() { return add(BPF_RET | BPF_K, 0); }

FilterProgram FilterAssembler::finish() {
  for (const Jump& jump : jumps_) {
    const std::size_t distance = places_.at(jump.to) - jump.at - 1;
    sock_filter& instruction = program_[jump.at];
    if (jump.part == Jump::Part::always) {
      instruction.k = static_cast<std::uint32_t>(distance);
      continue;
    }
    TANDEM_INVARIANT(distance <= kLongestJump);
    (jump.part == Jump::Part::if_true ? instruction.jt : instruction.jf) = static_cast<std::uint8_t>(distance);
  }
  jumps_.clear();
  places_.clear();
  return std::exchange(program_, {});
}

FilterProgram accept_all() { return {{BPF_RET | BPF_K, 0, 0, kWholePacket}}; }

int attach(int socket, const FilterProgram& program) {
  sock_fprog given{static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
  if (setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &given, sizeof(given)) == 0) {
    return 0;
  }
  const int error = errno;
  const int unused = 0;
  setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
  return error;
}

}  // namespace tandem::net

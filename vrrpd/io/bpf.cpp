// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/bpf.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <map>
#include <set>

#include "lib/base/check.h"
#include "lib/base/wire.h"
#include "vrrpd/packet/question.h"
#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::io {
namespace {

constexpr std::uint32_t kAccept = 0xffffffff;
// Where the fields are: a raw IPv4 socket has the IP header in front; a raw IPv6 socket begins behind it, and the
// kernel finds it at SKF_NET_OFF.
constexpr std::uint32_t kIpv4Ttl = 8;
constexpr std::uint32_t kIpv4Source = 12;
constexpr std::uint32_t kIpv4Destination = 16;
constexpr auto kIpv6Header = static_cast<std::uint32_t>(SKF_NET_OFF);
constexpr std::uint32_t kIpv6HopLimit = kIpv6Header + 7;
constexpr std::uint32_t kIpv6Source = kIpv6Header + 8;
constexpr std::uint32_t kIpv6Destination = kIpv6Header + 24;
constexpr auto kAncillary = static_cast<std::uint32_t>(SKF_AD_OFF);

// Puts instructions one behind the other; jumps go forward to labels, which are placed later. A load from beyond the
// end of the packet ends a program and refuses the packet.
class Assembler {
 public:
  enum class Label : std::uint16_t {};
  Label new_label() { return Label{next_label_++}; }
  void place(Label label) { places_[label] = program_.size(); }

  Assembler& add(unsigned code, std::uint32_t value = 0) {
    program_.push_back({static_cast<std::uint16_t>(code), 0, 0, value});
    return *this;
  }
  Assembler& load_byte(std::uint32_t offset) { return add(BPF_LD | BPF_B | BPF_ABS, offset); }
  Assembler& load_byte_behind_x(std::uint32_t offset) { return add(BPF_LD | BPF_B | BPF_IND, offset); }
  Assembler& load_word(std::uint32_t offset) { return add(BPF_LD | BPF_W | BPF_ABS, offset); }
  Assembler& jump_unless_equal(std::uint32_t value, Label to) {
    jumps_.push_back({program_.size(), to, Jump::Part::if_false});
    return add(BPF_JMP | BPF_JEQ | BPF_K, value);
  }
  Assembler& jump_if_equal(std::uint32_t value, Label to) {
    jumps_.push_back({program_.size(), to, Jump::Part::if_true});
    return add(BPF_JMP | BPF_JEQ | BPF_K, value);
  }
  Assembler& jump_if_less(std::uint32_t value, Label to) {
    jumps_.push_back({program_.size(), to, Jump::Part::if_false});
    return add(BPF_JMP | BPF_JGE | BPF_K, value);
  }
  Assembler& jump(Label to) {
    jumps_.push_back({program_.size(), to, Jump::Part::always});
    return add(BPF_JMP | BPF_JA);
  }
  Assembler& accept() { return add(BPF_RET | BPF_K, kAccept); }
  Assembler& refuse() { return add(BPF_RET | BPF_K, 0); }

  Program finish();

 private:
  struct Jump {
    enum class Part { if_true, if_false, always };
    std::size_t at;
    Label to;
    Part part;
  };

  Program program_;
  std::vector<Jump> jumps_;
  std::map<Label, std::size_t> places_;
  std::uint16_t next_label_ = 0;
};

Program Assembler::finish() {
  for (const Jump& jump : jumps_) {
    const std::size_t distance = places_.at(jump.to) - jump.at - 1;
    sock_filter& instruction = program_[jump.at];
    if (jump.part == Jump::Part::always) {
      instruction.k = static_cast<std::uint32_t>(distance);
      continue;
    }
    TANDEM_INVARIANT(distance <= 255);  // kMaxKnownMasters sees to that
    (jump.part == Jump::Part::if_true ? instruction.jt : instruction.jf) = static_cast<std::uint8_t>(distance);
  }
  return std::move(program_);
}

std::vector<std::uint32_t> words_of(const base::IpAddress& address) {
  std::vector<std::uint32_t> words;
  for (base::Reader reader(address.bytes()); !reader.rest().empty();) {
    words.push_back(reader.u32());
  }
  return words;
}

// Goes on if the address at `offset` is this one.
void compare(Assembler& to, std::uint32_t offset, const base::IpAddress& address, Assembler::Label if_other) {
  for (const std::uint32_t word : words_of(address)) {
    to.load_word(offset).jump_unless_equal(word, if_other);
    offset += 4;
  }
}

// Cells of the program's memory; cell 0 is require_vrid()'s.
constexpr std::uint32_t kVridCell = 1;
constexpr std::uint32_t kPriorityCell = 2;

// Goes on if the VRID, in A, is one of these; X is used. Eight words of 32 bits: the one that its upper bits choose is
// shifted by its lower ones.
void require_vrid(Assembler& to, const std::bitset<256>& vrids, Assembler::Label if_other) {
  constexpr unsigned kWordBits = 32;
  const Assembler::Label found = to.new_label();
  to.add(BPF_ST, 0).add(BPF_ALU | BPF_AND | BPF_K, kWordBits - 1).add(BPF_MISC | BPF_TAX);
  to.add(BPF_LD | BPF_MEM, 0).add(BPF_ALU | BPF_RSH | BPF_K, 5);
  for (unsigned word = 0; word < vrids.size() / kWordBits; ++word) {
    std::uint32_t bits = 0;
    for (unsigned bit = 0; bit < kWordBits; ++bit) {
      bits |= static_cast<std::uint32_t>(vrids[word * kWordBits + bit]) << bit;
    }
    if (bits != 0) {
      const Assembler::Label next = to.new_label();
      to.jump_unless_equal(word, next).add(BPF_LD | BPF_IMM, bits).jump(found);
      to.place(next);
    }
  }
  to.jump(if_other);
  to.place(found);
  to.add(BPF_ALU | BPF_RSH | BPF_X).add(BPF_ALU | BPF_AND | BPF_K, 1).jump_unless_equal(1, if_other);
}

// The VRIDs that share a least priority, lowest priority first.
std::map<std::uint8_t, std::bitset<256>> priority_classes(const Expected& expected) {
  std::set<std::uint8_t> values;
  for (std::size_t vrid = 0; vrid < expected.vrids.size(); ++vrid) {
    if (expected.vrids[vrid]) {
      values.insert(expected.least_priority.at(vrid));
    }
  }
  const std::size_t step = (values.size() + kMaxPriorityClasses - 1) / kMaxPriorityClasses;
  std::map<std::uint8_t, std::bitset<256>> classes;
  std::size_t position = 0;
  for (const std::uint8_t value : values) {
    if (position++ % step == 0) {
      classes.try_emplace(value);
    }
  }
  for (std::size_t vrid = 0; vrid < expected.vrids.size(); ++vrid) {
    if (expected.vrids[vrid]) {
      std::prev(classes.upper_bound(expected.least_priority.at(vrid)))->second.set(vrid);
    }
  }
  return classes;
}

void accept_winning(Assembler& to, const Expected& expected) {
  for (const auto& [least, vrids] : priority_classes(expected)) {
    const Assembler::Label next = to.new_label();
    to.add(BPF_LD | BPF_MEM, kPriorityCell).jump_if_less(least, next);
    to.add(BPF_LD | BPF_MEM, kVridCell);
    require_vrid(to, vrids, next);
    to.accept();
    to.place(next);
  }
}

void accept_masters(Assembler& to, std::uint32_t source, const std::vector<base::IpAddress>& masters) {
  for (std::size_t i = 0; i < std::min(masters.size(), kMaxKnownMasters); ++i) {
    const Assembler::Label next = to.new_label();
    compare(to, source, masters[i], next);
    to.accept();
    to.place(next);
  }
}

void accept_samples(Assembler& to) {
  const Assembler::Label other = to.new_label();
  to.load_word(kAncillary + SKF_AD_RANDOM).add(BPF_ALU | BPF_AND | BPF_K, kSampling - 1).jump_unless_equal(0, other);
  to.accept();
  to.place(other);
  to.refuse();
}

}  // namespace

Program advert_filter(base::Family family, const Expected& expected, Strangers strangers) {
  const bool ipv4 = family == base::Family::ipv4;
  Assembler to;
  const Assembler::Label refused = to.new_label();
  const Assembler::Label unknown_vrid = to.new_label();
  const Assembler::Label concerns_us = to.new_label();
  compare(to, ipv4 ? kIpv4Destination : kIpv6Destination, packet::multicast_group(family), refused);
  to.load_byte(ipv4 ? kIpv4Ttl : kIpv6HopLimit).jump_unless_equal(packet::kRequiredTtl, refused);
  if (ipv4) {
    to.add(BPF_LDX | BPF_B | BPF_MSH, 0);  // X: the length of the IP header
  } else {
    to.add(BPF_LDX | BPF_IMM, 0);
  }
  const Assembler::Label right_version = to.new_label();
  to.load_byte_behind_x(0);
  if (ipv4) {  // version 2 knows IPv4 only
    to.jump_if_equal(0x21, right_version);
  }
  to.jump_if_equal(0x31, right_version);
  to.place(refused);
  to.refuse();
  to.place(right_version);
  to.load_byte_behind_x(7);  // the whole header is there
  to.load_byte_behind_x(2).add(BPF_ST, kPriorityCell).load_byte_behind_x(1).add(BPF_ST, kVridCell);
  // A refusal of its own: the kernel takes what stands behind one for what follows it, and the cells for empty.
  require_vrid(to, expected.vrids, unknown_vrid);
  to.jump(concerns_us);
  to.place(unknown_vrid);
  to.refuse();
  to.place(concerns_us);
  if (strangers == Strangers::pass) {
    to.accept();
  } else {
    accept_masters(to, ipv4 ? kIpv4Source : kIpv6Source, expected.masters);
    if (strangers == Strangers::winning) {
      accept_winning(to, expected);
    }
    accept_samples(to);
  }
  return to.finish();
}

Program solicitation_filter(const std::vector<base::IfIndex>& heard) {
  constexpr std::uint32_t kLastByte = 7;
  Assembler to;
  const Assembler::Label right_hop_limit = to.new_label();
  const Assembler::Label right_code = to.new_label();
  to.load_byte(kIpv6HopLimit).jump_if_equal(packet::kRequiredTtl, right_hop_limit).refuse();
  to.place(right_hop_limit);
  to.load_byte(1).jump_if_equal(0, right_code).refuse();
  to.place(right_code);
  to.load_byte(kLastByte).load_word(kAncillary + SKF_AD_IFINDEX);
  for (std::size_t i = 0; i < std::min(heard.size(), kMaxHeard); ++i) {
    const Assembler::Label next = to.new_label();
    to.jump_unless_equal(base::to_number(heard[i]), next).accept();
    to.place(next);
  }
  to.refuse();
  return to.finish();
}

Program authenticated_vrrp_filter() {
  Assembler to;
  const Assembler::Label refused = to.new_label();
  compare(to, kIpv4Destination, packet::multicast_group(base::Family::ipv4), refused);
  to.add(BPF_LDX | BPF_B | BPF_MSH, 0).load_byte_behind_x(0).jump_unless_equal(packet::kIpProtocolVrrp, refused);
  to.accept();
  to.place(refused);
  to.refuse();
  return to.finish();
}

Program answer_filter(base::Family family) {
  constexpr std::uint32_t kArpOperation = 20;
  constexpr std::uint32_t kNextHeader = 20;
  constexpr std::uint32_t kIcmpv6Type = 54;
  constexpr std::uint32_t kIcmpv6 = 58;
  Assembler to;
  const Assembler::Label refused = to.new_label();
  if (family == base::Family::ipv4) {
    to.add(BPF_LD | BPF_H | BPF_ABS, kArpOperation).jump_unless_equal(packet::kArpReply, refused);
  } else {
    to.load_byte(kNextHeader).jump_unless_equal(kIcmpv6, refused);
    to.load_byte(kIcmpv6Type).jump_unless_equal(packet::kNeighbourAdvertisement, refused);
  }
  to.accept();
  to.place(refused);
  to.refuse();
  return to.finish();
}

Program open_filter() { return {{BPF_RET | BPF_K, 0, 0, kAccept}}; }

int attach(int socket, const Program& program) {
  sock_fprog given{static_cast<unsigned short>(program.size()), const_cast<sock_filter*>(program.data())};
  if (setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &given, sizeof(given)) == 0) {
    return 0;
  }
  const int error = errno;
  const int unused = 0;
  setsockopt(socket, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof(unused));
  return error;
}

}  // namespace tandem::vrrpd::io

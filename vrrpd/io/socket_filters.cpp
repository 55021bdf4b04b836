// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/socket_filters.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "vrrpd/packet/question.h"
#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::io {
namespace {

using Assembler = net::FilterAssembler;

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
    to.jump_unless_address(source, masters[i], next);
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

net::FilterProgram advert_filter(base::Family family, const Expected& expected, Strangers strangers) {
  const bool ipv4 = family == base::Family::ipv4;
  Assembler to;
  const Assembler::Label refused = to.new_label();
  const Assembler::Label unknown_vrid = to.new_label();
  const Assembler::Label concerns_us = to.new_label();
  to.jump_unless_address(ipv4 ? kIpv4Destination : kIpv6Destination, packet::multicast_group(family), refused);
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

net::FilterProgram solicitation_filter(const std::vector<base::IfIndex>& heard) {
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

net::FilterProgram authenticated_vrrp_filter() {
  Assembler to;
  const Assembler::Label refused = to.new_label();
  to.jump_unless_address(kIpv4Destination, packet::multicast_group(base::Family::ipv4), refused);
  to.add(BPF_LDX | BPF_B | BPF_MSH, 0).load_byte_behind_x(0).jump_unless_equal(packet::kIpProtocolVrrp, refused);
  to.accept();
  to.place(refused);
  to.refuse();
  return to.finish();
}

net::FilterProgram answer_filter(base::Family family) {
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

}  // namespace tandem::vrrpd::io

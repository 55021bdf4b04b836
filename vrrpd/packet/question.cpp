// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/packet/question.h"

#include <algorithm>

#include "lib/base/wire.h"
#include "vrrpd/packet/checksum.h"
#include "vrrpd/packet/frame_parts.h"

namespace tandem::vrrpd::packet {
namespace {

using base::Bytes;
using base::MacAddress;
using base::Reader;
using base::Writer;

constexpr std::uint16_t kEthernet = 1;
constexpr std::uint16_t kArpRequest = 1;
constexpr std::uint8_t kSolicitation = 135;
constexpr std::uint8_t kSourceLinkLayerAddress = 1;
constexpr std::size_t kSolicitationSize = 32;

IpAddress solicited_node_group(const IpAddress& address) {
  std::array<std::uint8_t, 16> group{0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01, 0xff};
  std::ranges::copy(address.bytes().last(3), group.begin() + 13);
  return IpAddress::from_bytes(group);
}

void write_request(Writer& writer, const Question& question) {
  writer.u16(kEthernet);
  writer.u16(kEtherTypeIpv4);
  writer.u8(6);
  writer.u8(4);
  writer.u16(kArpRequest);
  writer.bytes(question.mac.bytes);
  writer.bytes(question.sender.bytes());
  writer.zeros(6);
  writer.bytes(question.target.bytes());
}

void write_solicitation(Writer& writer, const Question& question) {
  constexpr std::size_t kChecksumOffset = 2;
  const IpAddress group = solicited_node_group(question.target);
  std::array<std::uint8_t, kSolicitationSize> message{};
  Writer body(message);
  body.u8(kSolicitation);
  body.u8(0);   // code
  body.u16(0);  // checksum, filled in below
  body.u32(0);
  body.bytes(question.target.bytes());
  body.u8(kSourceLinkLayerAddress);
  body.u8(1);  // in units of 8 bytes
  body.bytes(question.mac.bytes);
  base::InternetChecksum sum;
  sum.add(message);
  add_pseudoheader(sum, question.sender, group, kIpProtocolIcmpv6, message.size());
  Writer(base::MutableBytes(message).subspan(kChecksumOffset)).u16(sum.value());
  write_ipv6(writer, {0, kIpProtocolIcmpv6, message.size()}, question.sender, group);
  writer.bytes(message);
}

MacAddress mac_of(Bytes bytes) {
  MacAddress mac;
  std::ranges::copy(bytes.first(std::min(bytes.size(), mac.bytes.size())), mac.bytes.begin());
  return mac;
}

std::optional<Answer> decode_reply(Reader reader, const MacAddress& to) {
  const bool ethernet = reader.u16() == kEthernet && reader.u16() == kEtherTypeIpv4;
  const bool sizes = reader.u8() == 6 && reader.u8() == 4;
  const bool reply = reader.u16() == kArpReply;
  const Bytes from = reader.bytes(6);
  const Bytes address = reader.bytes(4);
  reader.bytes(10);  // hardware and protocol address of the station that asked
  if (!reader.ok() || !ethernet || !sizes || !reply) {
    return std::nullopt;
  }
  return Answer{IpAddress::from_bytes(address), to, mac_of(from)};
}

// An answer to a unicast question may lack the option: the source of the frame then stands for it.
std::optional<Answer> decode_advertisement(Reader reader, const MacAddress& to, const MacAddress& source) {
  reader.bytes(6);
  const bool icmpv6 = reader.u8() == kIpProtocolIcmpv6;
  const bool on_link = reader.u8() == kRequiredTtl;
  reader.bytes(32);  // source and destination
  const bool advertisement = reader.u8() == kNeighbourAdvertisement && reader.u8() == 0;
  reader.bytes(6);  // checksum, which the kernel has not verified yet, and flags
  const Bytes target = reader.bytes(16);
  if (!reader.ok() || !icmpv6 || !on_link || !advertisement) {
    return std::nullopt;
  }
  return Answer{IpAddress::from_bytes(target), to, source};
}

}  // namespace

Bytes question_frame(const Question& question, const MacAddress& destination, FrameBuffer& buffer) {
  TANDEM_INVARIANT(question.target.family() == question.sender.family());
  Writer writer(buffer);
  const bool ipv4 = question.target.family() == Family::ipv4;
  write_ethernet(writer, destination, question.mac, ipv4 ? kEtherTypeArp : kEtherTypeIpv6);
  if (ipv4) {
    write_request(writer, question);
  } else {
    write_solicitation(writer, question);
  }
  return writer.written();
}

MacAddress group_mac(const IpAddress& target) {
  return target.family() == Family::ipv4 ? MacAddress{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}
                                         : multicast_mac(solicited_node_group(target));
}

std::optional<Answer> decode_answer(Bytes frame) {
  Reader reader(frame);
  const Bytes to = reader.bytes(6);
  const Bytes from = reader.bytes(6);
  const std::uint16_t type = reader.u16();
  if (!reader.ok()) {
    return std::nullopt;
  }
  if (type == kEtherTypeArp) {
    return decode_reply(reader, mac_of(to));
  }
  return type == kEtherTypeIpv6 ? decode_advertisement(reader, mac_of(to), mac_of(from)) : std::nullopt;
}

}  // namespace tandem::vrrpd::packet

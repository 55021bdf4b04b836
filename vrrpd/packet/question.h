// SPDX-License-Identifier: Apache-2.0
// Requests for the owner of an address, as hosts send them, and the answers: ARP requests and replies (RFC 826),
// neighbour solicitations and advertisements (RFC 4861 §4.3, §4.4).
#pragma once

#include <optional>

#include "vrrpd/packet/frame.h"

namespace tandem::vrrpd::packet {

inline constexpr std::uint16_t kArpReply = 2;                 // operation
inline constexpr std::uint8_t kNeighbourAdvertisement = 136;  // type of ICMPv6

struct Question {
  IpAddress target;      // the request asks for its owner
  IpAddress sender;      // of the same family; IPv4: 0.0.0.0 if there is none (RFC 5227 §1.1, an ARP probe)
  base::MacAddress mac;  // of the sender: the answer goes there
};

// A frame to `destination`. IPv6: from `sender` to the target's solicited-node group, with hop limit 255 and the source
// link-layer address option.
base::Bytes question_frame(const Question& question, const base::MacAddress& destination, FrameBuffer& buffer);

// The address to which hosts send such a request: broadcast, or that of the solicited-node group (RFC 4291 §2.7.1).
base::MacAddress group_mac(const IpAddress& target);

struct Answer {
  IpAddress address;      // the answer is for this address
  base::MacAddress to;    // destination of the frame
  base::MacAddress from;  // the station that answers, as the message says
};

// nullopt if the frame is neither an ARP reply nor a neighbour advertisement.
std::optional<Answer> decode_answer(base::Bytes frame);

}  // namespace tandem::vrrpd::packet

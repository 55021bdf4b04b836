// SPDX-License-Identifier: Apache-2.0
// Questions for the owner of an address, as hosts ask them, and the answers: ARP requests and replies (RFC 826),
// neighbour solicitations and advertisements (RFC 4861 §4.3, §4.4).
#pragma once

#include <optional>

#include "vrrpd/packet/frame.h"

namespace tandem::vrrpd::packet {

inline constexpr std::uint16_t kArpReply = 2;                 // operation
inline constexpr std::uint8_t kNeighbourAdvertisement = 136;  // type of ICMPv6

struct Question {
  IpAddress target;      // whose owner is asked for
  IpAddress sender;      // of the same family; IPv4: 0.0.0.0 if there is none (RFC 5227 §1.1, an ARP probe)
  base::MacAddress mac;  // of the sender: the answer goes there
};

// To `destination`, whatever address it is. IPv6: from `sender` to the target's solicited-node group, with hop limit
// 255 and the source link-layer address option.
base::Bytes question_frame(const Question& question, const base::MacAddress& destination, FrameBuffer& buffer);

// Where hosts send such a question: the broadcast address, or that of the solicited-node group (RFC 4291 §2.7.1).
base::MacAddress group_mac(const IpAddress& target);

struct Answer {
  IpAddress address;      // that is answered for
  base::MacAddress to;    // destination of the frame
  base::MacAddress from;  // the station that answers, as it says
};

// Nothing if the frame is no ARP reply and no neighbour advertisement.
std::optional<Answer> decode_answer(base::Bytes frame);

}  // namespace tandem::vrrpd::packet

// SPDX-License-Identifier: Apache-2.0
// What a virtual router wants done. Actions are values, in the order in which they take effect. The daemon executes the
// actions of one turn in three phases: adverts, then ownership towards the kernel, then announcements (RFC 9568 §6.4.2:
// the advert first; no announcement before the kernel owns the address: R81, R83, R84).
#pragma once

#include <variant>

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

struct SendAdvertisement {
  packet::Advertisement advertisement;
  IpAddress source;
  AddressList addresses;
};
struct OwnershipChanged {  // claims the addresses (Master) or releases them; also when the list of a Master changes
  bool claimed;
};
struct Announce {  // gratuitous ARP or unsolicited neighbour advertisement for each
  AddressList addresses;
};
struct HeldBack {  // the startup delay begins to hold a Backup, or has ended
  bool held;
};
struct Transitioned {
  Transition transition;
};
// Worth a (rate-limited) line in the log; the counters are in Statistics.
enum class Notice : std::uint8_t {
  packet_dropped,
  interval_mismatch,
  address_list_mismatch,
  owner_conflict,
  equal_priority,  // R104: a peer has our priority
  checksum_form_changed,
  no_version_2,  // R100: a router of version 3 sends no adverts of version 2, which this group needs
};
// How an advert's list of addresses differs from ours.
struct AddressDifference {
  std::size_t lacking = 0;  // addresses of ours that the advert lacks
  std::size_t beside = 0;   // addresses of the advert that we lack, or that it repeats
  IpAddress first_lacking{Family::ipv4};
  IpAddress first_beside{Family::ipv4};

  bool any() const { return lacking != 0 || beside != 0; }
};
struct Noticed {
  Notice notice;
  packet::Drop drop{};  // for packet_dropped
  IpAddress peer;
  base::Centiseconds interval{};   // the advert's; for notices about the interval
  AddressDifference difference{};  // for notices about the list
};

struct Action {
  RouterId router;
  std::variant<SendAdvertisement, OwnershipChanged, Announce, HeldBack, Transitioned, Noticed> what;
};
using Actions = std::vector<Action>;

}  // namespace tandem::vrrpd::core

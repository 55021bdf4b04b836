// SPDX-License-Identifier: Apache-2.0
// What a virtual router wants done. Actions are values, in the order in which they have to take effect; those of one
// turn are carried out in three phases: adverts, then ownership towards the kernel, then announcements (RFC 9568
// §6.4.2: advert first; never announce what the kernel does not own yet: R81, R83, R84).
#pragma once

#include <variant>

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

struct SendAdvertisement {
  packet::Advertisement advertisement;
  IpAddress source;
  AddressList addresses;
};
struct OwnershipChanged {  // claims the addresses (Master) or lets go of them; also when the list of a Master changes
  bool claimed;
};
struct Announce {  // gratuitous ARP or unsolicited neighbour advertisement for each
  AddressList addresses;
};
struct HeldBack {  // by the startup delay, in Backup; or no longer, because the delay has ended
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
  no_version_2,  // R100: a router of version 3 sends no adverts of version 2, which this group would want
};
// What an advert's list of addresses has other than ours.
struct AddressDifference {
  std::size_t lacking = 0;  // ours that it does not have
  std::size_t beside = 0;   // that it has, or has twice, and we have not
  IpAddress first_lacking{Family::ipv4};
  IpAddress first_beside{Family::ipv4};

  bool any() const { return lacking != 0 || beside != 0; }
};
struct Noticed {
  Notice notice;
  packet::Drop drop{};  // for packet_dropped
  IpAddress peer;
  base::Centiseconds interval{};   // the advert's; for what concerns the interval
  AddressDifference difference{};  // likewise for what concerns the list
};

struct Action {
  RouterId router;
  std::variant<SendAdvertisement, OwnershipChanged, Announce, HeldBack, Transitioned, Noticed> what;
};
using Actions = std::vector<Action>;

}  // namespace tandem::vrrpd::core

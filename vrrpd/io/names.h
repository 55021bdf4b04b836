// SPDX-License-Identifier: Apache-2.0
// How macvlans of ours are known, also after a crash: by their link group; and what they are called.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ids.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::io {

// The link groups (IFLA_GROUP) by which our macvlans are known, also after a crash.
struct LinkGroups {
  std::uint32_t live;
  std::uint32_t pending_deletion;  // they only wait for their deletion
  std::uint32_t deleting;          // they are being deleted
  bool contains(std::uint32_t group) const { return group == live || group == pending_deletion || group == deleting; }
};
LinkGroups link_groups(std::string_view instance);
bool is_tandem_group(std::uint32_t group);  // of whatever instance
bool is_of_another_instance(std::uint32_t group, const LinkGroups& ours);
std::uint32_t live_group_of(std::uint32_t group);  // of the same instance

// "vrrp4-eth1-5" (family, parent, VRID): the same on every machine and after every boot (decision 0036). Where that is
// longer than the kernel's 15 characters, "v4-enp129s0f0-5"; where that is, too, a checksum of the parent's name in
// hexadecimal: "v4-1a2b3c4d-5".
std::string device_name(std::string_view parent, core::Vrid vrid, core::Family family);

// What a macvlan is called instead while another one of ours, on another parent, has that name, as after two interfaces
// have exchanged theirs: "vrrp4-3-5", with the index of the parent.
std::string device_name_by_index(base::IfIndex parent, core::Vrid vrid, core::Family family);

// What may stand for the parent in these names, and what does in one: "eth1" in "vrrp4-eth1-5".
std::vector<std::string> words_for_parent(std::string_view name, base::IfIndex index);
std::string_view word_for_parent(std::string_view device);  // empty: it is no such name

// Names (of `-N`, or empty) by the link group of the instance's live macvlans.
using Instances = std::map<std::uint32_t, std::string>;

}  // namespace tandem::vrrpd::io

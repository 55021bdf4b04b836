// SPDX-License-Identifier: Apache-2.0
// The originals of sysctls of interfaces that this program has changed, and their records in a state file
// (state_file.h): words separated by one space.
//
//   sysctl IFINDEX NAME KEY ORIGINAL OURS    "sysctl 3 eth1 ipv4/arp_ignore 0 1"
//   gone IFINDEX                             nothing is to be restored there any more; later records count again
//
// Within one boot and network namespace the kernel never uses an index twice, so the index identifies the interface;
// the name is for people.
#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>

#include "lib/base/ids.h"

namespace tandem::os {

struct SavedSysctl {
  std::string interface;  // its name when it was changed
  int original;
  int ours;
  bool operator==(const SavedSysctl&) const = default;
};
using SavedSysctls = std::map<std::pair<base::IfIndex, std::string>, SavedSysctl>;  // by interface and key

// One line each.
std::string print_record(const SavedSysctls::value_type& sysctl);
std::string print_gone(base::IfIndex interface);

// Does what the record says. Ignores records of other kinds, those that cannot be understood, and words that a later
// version of the program has put behind those above.
void apply_record(std::span<const std::string> words, SavedSysctls& sysctls);

}  // namespace tandem::os

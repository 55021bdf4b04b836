// SPDX-License-Identifier: Apache-2.0
// What was changed outside of our own macvlans, remembered across crashes: the originals of sysctls, and of macvlans
// that another program made. The records of the state file (lib/os/state_file.h), besides those of sysctls and `gone`
// (lib/os/saved_sysctls.h):
//
//   macvlan IFINDEX NAME MODE up|down        "macvlan 7 gw5 private up"
//   address IFINDEX PREFIX                   of the macvlan before it: "address 7 10.0.0.1/32"
//
// Another version of the program reads them too: it ignores records that it does not know, and words after those above.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "lib/base/ids.h"
#include "lib/os/saved_sysctls.h"
#include "lib/os/state_file.h"
#include "vrrpd/io/original.h"

namespace tandem::vrrpd::io {

struct SavedState {
  os::SavedSysctls sysctls;
  std::map<base::IfIndex, Original> adopted;
  bool empty() const { return sysctls.empty() && adopted.empty(); }
  bool operator==(const SavedState&) const = default;
};

// One line for the macvlan, and one for each of its addresses.
std::string print_record(base::IfIndex index, const Original& macvlan);

std::string print_records(const SavedState& state);
SavedState parse_records(std::string_view text);  // leaves out records that cannot be understood

// The file with these records; `instance` is that of `-N`, or empty.
os::StateFile state_file(const std::string& directory, std::string_view instance);

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "lib/base/ip.h"
#include "lib/netlink/encode.h"

namespace tandem::vrrpd::io {

// A macvlan that another program made, as it was before we took it over.
struct Original {
  std::string name;
  netlink::MacvlanMode mode;
  netlink::AdminState state;
  std::vector<base::IpPrefix> addresses;

  bool operator==(const Original&) const = default;
};

}  // namespace tandem::vrrpd::io

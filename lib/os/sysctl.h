// SPDX-License-Identifier: Apache-2.0
// Files below /proc/sys.
#pragma once

#include <string>

#include "lib/base/result.h"

namespace tandem::os {

// `key` is the path below /proc/sys: "net/ipv4/conf/eth1/arp_ignore". Errors name it; code ENOENT if it does not exist.
base::Result<std::string> read_sysctl(const std::string& key);  // without the newline
base::Result<> write_sysctl(const std::string& key, const std::string& value);

}  // namespace tandem::os

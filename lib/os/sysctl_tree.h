// SPDX-License-Identifier: Apache-2.0
// The sysctls that every network interface has.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "lib/base/result.h"

namespace tandem::os {

// net.<family>.conf.<interface>.<key>; keys are "ipv4/arp_ignore". The interface may be "all" or "default". Tests have
// another one than /proc/sys.
class SysctlTree {
 public:
  virtual ~SysctlTree() = default;
  // None: there is no such interface or key, or it is no number.
  virtual std::optional<int> read(std::string_view interface, std::string_view key) const = 0;
  virtual base::Result<> write(std::string_view interface, std::string_view key, int value) = 0;
};
std::unique_ptr<SysctlTree> proc_sysctl_tree();

}  // namespace tandem::os

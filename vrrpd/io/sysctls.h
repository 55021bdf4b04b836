// SPDX-License-Identifier: Apache-2.0
// Sysctls of interfaces that are not ours: changed where the protocol needs it, originals remembered (state_file.h)
// before the change, restored when we let go, whatever crashed in between.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/ids.h"
#include "lib/base/result.h"
#include "lib/log/log.h"
#include "vrrpd/io/state_file.h"

namespace tandem::vrrpd::io {

// net.<family>.conf.<interface>.<key>; keys are "ipv4/arp_ignore". Tests have another one than /proc/sys.
class SysctlTree {
 public:
  virtual ~SysctlTree() = default;
  virtual std::optional<int> read(std::string_view interface, std::string_view key) const = 0;
  virtual base::Result<> write(std::string_view interface, std::string_view key, int value) = 0;
};
std::unique_ptr<SysctlTree> proc_sysctl_tree();

class Sysctls {
 public:
  Sysctls(SysctlTree& tree, log::Logger& logger) : tree_(tree), logger_(logger) {}

  struct Change {
    base::IfIndex index;
    std::string interface;  // its name now
    std::string_view key;
    int value;
  };
  // Notes the original of what change() will do, unless it is known already; the caller saves the state in between.
  void remember(const Change& change, SavedState& state) const;
  base::Result<> change(const Change& change);
  // Something else keeps writing to it: the log has it for the first time, then for the second, fourth, eighth …
  void tell_healed(const Change& change, int found);
  void forget(base::IfIndex index);  // the interface is gone
  // Puts back all originals of an interface, except where a program has changed our value since, and forgets them.
  void restore(base::IfIndex index, std::string_view interface, SavedState& state);

  // The value of an interface together with that for all interfaces: the kernel takes the larger one (of
  // those that we change).
  int effective(std::string_view interface, std::string_view key) const;

 private:
  SysctlTree& tree_;
  log::Logger& logger_;
  std::map<std::pair<base::IfIndex, std::string>, unsigned> healed_;  // how often
  std::set<std::pair<base::IfIndex, std::string>> changed_;           // what is to stay so
};

}  // namespace tandem::vrrpd::io

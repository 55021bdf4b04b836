// SPDX-License-Identifier: Apache-2.0
// Sysctls of interfaces that are not the program's own: changed where the program needs it, originals remembered before
// the change, restored when it lets go. The caller writes the originals into a state file between remember() and
// change(), so that they survive a crash.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "lib/base/ids.h"
#include "lib/base/result.h"
#include "lib/log/log.h"
#include "lib/os/saved_sysctls.h"
#include "lib/os/sysctl_tree.h"

namespace tandem::os {

struct SysctlChange {
  base::IfIndex index;
  std::string interface;  // its name now
  std::string_view key;
  int value;
};

class SysctlChanges {
 public:
  SysctlChanges(SysctlTree& tree, log::Logger& logger) : tree_(tree), logger_(logger) {}

  // Notes the original of what change() will do, unless it is known already.
  void remember(const SysctlChange& change, SavedSysctls& saved) const;
  base::Result<> change(const SysctlChange& change);
  // Another program keeps writing to it: logged the first time, then the second, fourth, eighth …
  void log_healed(const SysctlChange& change, int found);
  void forget(base::IfIndex index);  // the interface is gone
  // Writes back all originals of an interface, except where another program has changed our value since, and forgets
  // them.
  void restore(base::IfIndex index, std::string_view interface, SavedSysctls& saved);

  // The value of an interface together with that for all interfaces. Precondition: the key is one of those of which the
  // kernel takes the larger one.
  int effective(std::string_view interface, std::string_view key) const;

 private:
  SysctlTree& tree_;
  log::Logger& logger_;
  std::map<std::pair<base::IfIndex, std::string>, unsigned> healed_;  // how often
  std::set<std::pair<base::IfIndex, std::string>> changed_;           // what is to stay so
};

}  // namespace tandem::os

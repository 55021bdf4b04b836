// SPDX-License-Identifier: Apache-2.0
// Which instances of vrrpd (`-N`) run in this network namespace: each holds a name in the kernel's table of Unix
// sockets, which a namespace has of its own and from which a process that ends is gone. So a macvlan that another
// instance made can be told from one that a dead instance has left.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/time.h"
#include "lib/os/fd.h"
#include "vrrpd/io/kernel_state.h"
#include "vrrpd/io/names.h"

namespace tandem::vrrpd::io {

// Names (of `-N`, or empty) by the link group of their live macvlans, of /proc/net/unix. Lines that cannot be
// understood are left out.
Instances parse_instances(std::string_view text);
base::Result<Instances> running_instances();

// Those of other instances that run, and those of which no process has the name now. Cheap if there are none. Fails if
// the kernel's table cannot be read: nothing is known then.
base::Result<> tell_apart(const std::set<std::uint32_t>& groups, Instances& running, std::set<std::uint32_t>& absent);

// The other instances that run and have macvlans in the table. What has become of those that do not run, inspections
// tell. Empty if the kernel's table cannot be read.
Instances other_instances(const InterfaceTable& table, const LinkGroups& ours);

// Which instances have ended for good: while a worker is replaced no process has the name of its instance.
class Absences {
 public:
  // What one inspection has found, at that time. Returns those that were absent in kAbsentInspections inspections in a
  // row, the first of them kAbsentFor ago.
  std::set<std::uint32_t> note(const std::set<std::uint32_t>& absent, base::TimePoint when);

 private:
  struct Absence {
    base::TimePoint since;
    int inspections = 0;
  };
  std::map<std::uint32_t, Absence> absences_;
};

class InstanceName {
 public:
  InstanceName(const LinkGroups& groups, std::string_view instance);
  // Takes the name, unless it is held already. The worker before this one may hold it still: to be called again.
  void hold();

 private:
  std::string name_;
  os::FileDescriptor socket_;
};

}  // namespace tandem::vrrpd::io

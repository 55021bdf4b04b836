// SPDX-License-Identifier: Apache-2.0
// Which instances of vrrpd (`-N`) run in this network namespace: each holds a name in the kernel's table of Unix
// sockets, which a namespace has of its own and from which a process that ends is gone. So a macvlan that another
// instance made can be told from one that a dead instance has left.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "lib/os/fd.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

// Names (of `-N`, or empty) by the link group of their live macvlans, of /proc/net/unix. Lines that cannot be
// understood are left out.
Instances parse_instances(std::string_view text);
Instances running_instances();

// Those of other instances that run, and those that have only left macvlans. Cheap if there are none.
void tell_apart(const std::set<std::uint32_t>& groups, Instances& running, std::set<std::uint32_t>& abandoned);

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

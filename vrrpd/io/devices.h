// SPDX-License-Identifier: Apache-2.0
// The macvlan interfaces that carry the virtual MAC addresses (design.md §5, doc/decisions/): says what should exist
// and lets reconcile.h work out the difference to what the kernel reports. Adopts what exists, heals what others
// change, and restores everything at the end.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/core/types.h"
#include "vrrpd/io/interfaces.h"

namespace tandem::vrrpd::io {

// What one virtual router wants of the kernel.
struct DesiredDevice {
  std::string interface;  // parent, by name: it need not exist
  core::Vrid vrid;
  core::Family family;
  bool claimed = false;                   // Master: the kernel owns the addresses
  std::vector<base::IpPrefix> addresses;  // host prefixes unless configured otherwise

  bool operator==(const DesiredDevice&) const = default;
};

struct DevicesOptions {
  std::string state_directory;  // originals of what was changed are remembered there, across crashes
  std::string instance;         // of `-N`: instances have a link group each
};

class Devices {
 public:
  // Opens netlink and reads all links and addresses. `on_change` runs after the kernel reported something that changed
  // interfaces(), never from within a call of a member function.
  static base::Result<std::unique_ptr<Devices>> open(event::Loop& loop, log::Logger& logger, DevicesOptions options,
                                                     event::Handler on_change);
  virtual ~Devices() = default;

  virtual const InterfaceTable& interfaces() const = 0;

  virtual void want(core::RouterId id, DesiredDevice desired) = 0;
  virtual void forget(core::RouterId id) = 0;
  // Brings the kernel to what is wanted, as far as it can be now; interfaces() is up to date on return. Cheap if
  // nothing differs. Failures are logged once per object and reason and tried again at the next change.
  virtual void reconcile() = 0;
  // The macvlan of a router, kNoInterface if there is none.
  virtual base::IfIndex device_of(core::RouterId id) const = 0;

  // Removes every macvlan of ours, restores adopted ones and the sysctls. After it, want() has no effect.
  virtual void release_all() = 0;
};

}  // namespace tandem::vrrpd::io

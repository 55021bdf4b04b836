// SPDX-License-Identifier: Apache-2.0
// The macvlan interfaces that carry the virtual MAC addresses (doc/decisions/0001): says what should exist,
// and has the difference to what the kernel reports carried out. Adopts what exists, heals what others change, and
// restores everything at the end.
//
// Work on the kernel is done in slices (limits.h), one in a turn of the loop, so that however much there is to do,
// packets and timers are served in between: first letting go of addresses, then claiming them, then making and removing
// macvlans. Who wants something learns its outcome, now or later.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/loop.h"
#include "lib/event/worker.h"
#include "lib/log/log.h"
#include "vrrpd/core/types.h"
#include "vrrpd/io/desired.h"
#include "vrrpd/io/foreign.h"
#include "vrrpd/io/interfaces.h"

namespace tandem::vrrpd::io {

struct DevicesOptions {
  std::string state_directory;  // originals of what was changed are remembered there, across crashes
  std::string instance;         // of `-N`: instances have a link group each
  int filter_socket = -1;       // of io::Rewriter
};

class Devices {
 public:
  // `changes` runs from the loop, never from within a call of a member function.
  using ChangeHandler = std::function<void(const DeviceChanges& changes)>;
  // Opens netlink and reads all links and addresses.
  static base::Result<std::unique_ptr<Devices>> open(event::Loop& loop, log::Logger& logger,
                                                     const DevicesOptions& options, ChangeHandler on_change);
  virtual ~Devices() = default;

  virtual const InterfaceTable& interfaces() const = 0;
  virtual std::vector<ForeignMacvlan> foreign() const = 0;

  // What is wanted from now on; act() and the turns after it see to it.
  virtual void want(core::RouterId id, DesiredDevice desired) = 0;
  virtual void forget(core::RouterId id) = 0;
  // Addresses go by themselves when they have not been renewed for that long; 0: they stay. Also of what is claimed
  // already.
  virtual void set_lease(std::chrono::seconds lease) = 0;
  // All that is wanted at the start is known now: what a former run left and no router wants is given up. Until then
  // nothing is done.
  virtual void start() = 0;
  // Lets go and claims at once, as far as one slice goes: a single virtual router is done with on return, so that it
  // can announce its addresses in the same turn. What waits longer follows in the next turns. Cheap if there is nothing
  // to do.
  virtual void act() = 0;

  // Precondition of both: `id` wants something.
  virtual const Outcome& outcome(core::RouterId id) const = 0;
  virtual base::IfIndex device_of(core::RouterId id) const = 0;  // its macvlan, kNoInterface if there is none

  // What of the settings of all interfaces keeps the kernel from answering for IPv4 addresses, in words (IO-051);
  // empty: nothing does.
  virtual const std::string& obstacle() const = 0;

  // Macvlans in our hands that another program made.
  virtual std::vector<base::IfIndex> adopted() const = 0;

  // For what takes long, and no claim waits for: rank 0 is for inspections, 1 for self-tests, 2 for deletions.
  virtual event::Worker& background() = 0;

  // Removes every macvlan of ours, restores adopted ones and the sysctls, before it returns. After it, nothing has an
  // effect.
  virtual void release_all() = 0;
};

}  // namespace tandem::vrrpd::io

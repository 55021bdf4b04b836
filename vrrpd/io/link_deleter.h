// SPDX-License-Identifier: Apache-2.0
// A thread for what the event loop must not wait for: deleting macvlans takes the kernel 16 ms and more (design.md §5),
// in which it holds its lock for all changes of interfaces (RTNL). Many together take little longer than one, so they
// are deleted in bunches; between two bunches the next thread that waits for the lock gets it.
#pragma once

#include "lib/base/result.h"
#include "vrrpd/io/background.h"
#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

// Each piece of work is all that is in the graveyard then.
using LinkDeleter = Background<LinkGroups, base::Result<>>;

LinkDeleter::Execute delete_by_netlink();

}  // namespace tandem::vrrpd::io

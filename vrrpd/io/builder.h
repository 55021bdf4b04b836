// SPDX-License-Identifier: Apache-2.0
// A thread that makes macvlans and sets them up, for virtual routers that do not use them yet. Of a thousand groups
// that are configured at once that is a third of a second of the kernel's work, and of waiting for its lock (RTNL).
// Neither adverts nor the rest of the work wait for it.
#pragma once

#include <vector>

#include "vrrpd/io/background.h"
#include "vrrpd/io/job.h"

namespace tandem::vrrpd::io {

// One result for each job, which is_building(). A macvlan that cannot be prepared is not set up either.
using Builder = Background<std::vector<Job>, std::vector<base::Result<>>>;

// With a socket of its own, on whatever thread it is called.
Builder::Execute build_by_netlink();

}  // namespace tandem::vrrpd::io

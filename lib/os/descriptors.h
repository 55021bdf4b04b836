// SPDX-License-Identifier: Apache-2.0
// How many files, sockets and the like the process may have open.
#pragma once

#include <cstddef>

#include "lib/base/result.h"

namespace tandem::os {

// Allows as many as the system lets us without a privilege (the hard limit), at most `most`. Fails if that is less than
// `fewest`. For programs that wait with poll() or epoll: select() takes 1024 at most.
base::Result<> allow_descriptors(std::size_t fewest, std::size_t most);

// Whether a descriptor, which is the lowest that was free, leaves `reserved` others to open.
bool leaves_room(int descriptor, std::size_t reserved);

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// The limit of open descriptors.
#pragma once

#include <cstddef>

#include "lib/base/result.h"

namespace tandem::os {

// Raises the soft limit to the hard limit, or to `most` if that is less. Fails if the result is below `fewest`. For
// programs that wait with poll() or epoll: select() takes 1024 at most.
base::Result<> allow_descriptors(std::size_t fewest, std::size_t most);

// Whether `reserved` more descriptors can be opened; `descriptor` is the one that was opened last.
bool leaves_room(int descriptor, std::size_t reserved);

}  // namespace tandem::os

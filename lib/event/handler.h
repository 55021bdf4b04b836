// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

namespace tandem::event {

// Runs on the thread of its loop. Must not block.
using Handler = std::function<void()>;

}  // namespace tandem::event

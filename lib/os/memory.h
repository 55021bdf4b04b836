// SPDX-License-Identifier: Apache-2.0
// What the process uses of the machine's memory.
#pragma once

#include <cstddef>

namespace tandem::os {

struct MemoryUse {
  std::size_t resident;     // bytes in RAM; 0 if the kernel does not tell
  std::size_t heap;         // taken from the system by the allocator
  std::size_t heap_in_use;  // of that, handed out
};
MemoryUse memory_use();

}  // namespace tandem::os

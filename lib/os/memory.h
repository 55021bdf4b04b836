// SPDX-License-Identifier: Apache-2.0
// Memory use of this process.
#pragma once

#include <cstddef>

namespace tandem::os {

struct MemoryUse {
  std::size_t resident;     // bytes in RAM; 0 if the kernel does not tell
  std::size_t heap;         // taken from the system by the allocator
  std::size_t heap_in_use;  // of that, handed out
};
MemoryUse memory_use();

// Unmaps the pages of the program and its libraries that no thread needs at the moment: what is used again is mapped
// again from the page cache, page by page. For the moment when a process has started and most of its code has done
// its work. Costs each thread some soft page faults; from any thread.
void unmap_idle_code();

}  // namespace tandem::os

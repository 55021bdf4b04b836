// SPDX-License-Identifier: Apache-2.0
// Memory of this process: how much there is, and how the allocator treats it.
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

// Makes the allocator merge small freed blocks with their neighbours as each is freed. glibc otherwise collects them and
// merges all of them during a later, larger allocation: after the removal of a thousand virtual routers, that one allocation
// took 1.7 ms (doc/decisions/0017). For threads that must not pause. Holds for the whole process; call it before it has threads.
void merge_freed_memory_at_once();

}  // namespace tandem::os

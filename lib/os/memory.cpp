// SPDX-License-Identifier: Apache-2.0
#include "lib/os/memory.h"

#include <malloc.h>
#include <unistd.h>

#include <fstream>

namespace tandem::os {

MemoryUse memory_use() {
  std::size_t total_pages = 0;
  std::size_t resident_pages = 0;
  std::ifstream statm("/proc/self/statm");
  statm >> total_pages >> resident_pages;
  const struct mallinfo2 heap = ::mallinfo2();
  return {.resident = resident_pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)),
          .heap = heap.arena + heap.hblkhd,
          .heap_in_use = heap.uordblks + heap.hblkhd};
}

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
#include "lib/os/memory.h"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>

namespace tandem::os {
namespace {

// Pages that are mapped for reading only have never been written, by the dynamic linker neither.
int unmap_code_of(dl_phdr_info* object, std::size_t /*size*/, void* /*data*/) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) {
      continue;
    }
    const std::uintptr_t begin = (object->dlpi_addr + segment.p_vaddr) / page * page;
    const std::uintptr_t end = object->dlpi_addr + segment.p_vaddr + segment.p_memsz;
    ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // refused if locked: they stay then
  }
  return 0;
}

}  // namespace

void unmap_idle_code() { ::dl_iterate_phdr(unmap_code_of, nullptr); }

void merge_freed_memory_at_once() {
#ifdef M_MXFAST  // other C libraries do not collect freed blocks
  ::mallopt(M_MXFAST, 0);
#endif
}

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

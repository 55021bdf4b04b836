// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/layout.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <string>

#include "lib/supervisor/cell.h"
#include "lib/supervisor/header.h"
#include "lib/supervisor/limits.h"

namespace tandem::supervisor {
namespace {

constexpr std::size_t kPage = 4096;

constexpr std::size_t rounded(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

// Without boot and network namespace.
Table table_of(const MemoryLayout& layout) {
  static_assert(sizeof(Table) <= kPage);
  Table table{};
  std::copy(kFormat.begin(), kFormat.end(), table.format.begin());
  std::size_t end = kPage;
  const auto add = [&](AreaId id, std::size_t count, std::size_t size) {
    const std::size_t stride = rounded(size, alignof(Blob::Head));
    table.areas.at(table.areas_used++) = {id, static_cast<std::uint32_t>(count), end, stride};
    end = rounded(end + count * stride, kPage);
  };
  add(AreaId::header, 1, sizeof(Header));
  add(AreaId::configuration, 1, Blob::memory_for(kMaxConfiguration));
  add(AreaId::text, 1, Blob::memory_for(kMaxConfiguration));
  add(AreaId::slots, layout.slots, Blob::memory_for(layout.slot_size));
  if (layout.fence_records() > 0) {
    add(AreaId::fence_records, layout.fence_records(), layout.fence_record_size);
  }
  return table;
}

const Table* table_in(Memory memory) {
  return memory.size() < kPage ? nullptr : reinterpret_cast<const Table*>(memory.data());
}

// None if it does not lie within the memory.
const Area* find(Memory memory, AreaId id) {
  const Table* const table = table_in(memory);
  const std::size_t areas = table == nullptr ? 0 : std::min<std::size_t>(table->areas_used, kMostAreas);
  for (std::size_t i = 0; i < areas; ++i) {
    const Area& area = table->areas.at(i);
    const bool aligned = (area.offset | area.stride) % alignof(Blob::Head) == 0;
    if (area.id == id && aligned && area.stride > 0 && area.offset >= kPage && area.offset < memory.size() &&
        area.count <= (memory.size() - area.offset) / area.stride) {
      return &area;
    }
  }
  return nullptr;
}

bool has(Memory memory, AreaId id, std::size_t smallest) { return element(memory, id, 0).size() >= smallest; }

}  // namespace

Table table_of_today(const MemoryLayout& layout) {
  Table table = table_of(layout);
  std::string boot;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> boot;
  std::copy_n(boot.begin(), std::min(boot.size(), table.boot.size() - 1), table.boot.begin());
  struct stat space{};
  table.network = ::stat("/proc/self/ns/net", &space) == 0 ? space.st_ino : 0;
  return table;
}

std::size_t size_of(const Table& table) {
  std::size_t size = kPage;
  for (const Area& area : std::span(table.areas).first(table.areas_used)) {
    size = std::max(size, rounded(area.offset + area.count * area.stride, kPage));
  }
  return size;
}

Memory area(Memory memory, AreaId id) {
  const Area* const found = find(memory, id);
  return found == nullptr ? Memory() : memory.subspan(found->offset, found->count * found->stride);
}

Memory element(Memory memory, AreaId id, std::size_t number) {
  const Area* const found = find(memory, id);
  return found == nullptr || number >= found->count
             ? Memory()
             : memory.subspan(found->offset + number * found->stride, found->stride);
}

std::size_t count(Memory memory, AreaId id) {
  const Area* const found = find(memory, id);
  return found == nullptr ? 0 : found->count;
}

bool is_readable(Memory memory, const MemoryLayout& layout) {
  const Table* const theirs = table_in(memory);
  const Table ours = table_of_today(layout);
  const bool fits_fence = layout.fence_records() == 0 || has(memory, AreaId::fence_records, layout.fence_record_size);
  return theirs != nullptr && theirs->format == ours.format && theirs->boot == ours.boot &&
         theirs->network == ours.network && has(memory, AreaId::header, 1) &&
         has(memory, AreaId::configuration, Blob::memory_for(1)) && has(memory, AreaId::text, Blob::memory_for(1)) &&
         has(memory, AreaId::slots, Blob::memory_for(1)) && fits_fence;
}

bool has_sizes_of(Memory memory, const MemoryLayout& layout) {
  const Table* const theirs = table_in(memory);
  const Table ours = table_of(layout);
  return theirs != nullptr && memory.size() == size_of(ours) && theirs->areas_used == ours.areas_used &&
         std::memcmp(&theirs->areas, &ours.areas, sizeof ours.areas) == 0;
}

}  // namespace tandem::supervisor

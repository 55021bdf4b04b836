// SPDX-License-Identifier: Apache-2.0
// Where everything is in the shared memory. The memory begins with a table of its areas, so that another version of the
// program finds them, whatever sizes it has itself. Only for shared.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "lib/supervisor/memory_layout.h"

namespace tandem::supervisor {

// Raised only when an older program cannot read the rest at all: it makes a clean start then, and so does this one with
// an older memory. A new area, or other sizes, need no new format.
inline constexpr std::string_view kFormat = "tandem-checkpoint 2";

// Never used again for something else.
enum class AreaId : std::uint32_t { header = 1, configuration = 2, text = 3, slots = 4, fence_records = 5 };
inline constexpr std::size_t kMostAreas = 32;  // that another version may have

struct Area {
  AreaId id;
  std::uint32_t count;   // of elements
  std::uint64_t offset;  // of the first, from the beginning of the memory
  std::uint64_t stride;  // bytes of each
};

// Never changed while the format is the same.
struct Table {
  std::array<char, 64> format;
  std::array<char, 64> boot;  // boot_id of the kernel
  std::uint64_t network;      // inode of the network namespace
  std::uint64_t areas_used;
  std::array<Area, kMostAreas> areas;
};

Table table_of_today(const MemoryLayout& layout);  // of this boot and network namespace

using Memory = std::span<std::byte>;

std::size_t size_of(const Table& table);  // of the memory
// The bytes of all elements, or of one. Empty if the memory's own table has no such area, or says that it does not lie
// within the memory.
Memory area(Memory memory, AreaId id);
Memory element(Memory memory, AreaId id, std::size_t number);
std::size_t count(Memory memory, AreaId id);

// Whether a program with this layout can read the memory, and the memory is of this boot and network namespace.
bool is_readable(Memory memory, const MemoryLayout& layout);
bool has_sizes_of(Memory memory, const MemoryLayout& layout);

}  // namespace tandem::supervisor

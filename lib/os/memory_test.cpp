// SPDX-License-Identifier: Apache-2.0
#include "lib/os/memory.h"

#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdlib>
#include <memory>
#include <vector>

namespace tandem::os {
namespace {

// In a process of its own, because the setting holds for the whole process. Exits with 0 if no block that it frees
// waits to be merged. Frees more small blocks than the cache of a thread takes, and no large one, which would merge them.
[[noreturn]] void check_merged() {
  merge_freed_memory_at_once();
  const std::size_t before = ::mallinfo2().fsmblks;  // of threads of other tests
  constexpr std::size_t kBlocks = 10'000;
  constexpr std::size_t kSize = 48;
  std::vector<std::unique_ptr<char[]>> blocks(kBlocks);
  for (auto& block : blocks) {
    block = std::make_unique<char[]>(kSize);
  }
  for (auto& block : blocks) {
    block.reset();
  }
  std::_Exit(::mallinfo2().fsmblks == before ? 0 : 1);
}

TEST(Memory, NoFreedBlockWaitsToBeMerged) { EXPECT_EXIT(check_merged(), testing::ExitedWithCode(0), ""); }

}  // namespace
}  // namespace tandem::os

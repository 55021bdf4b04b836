// SPDX-License-Identifier: Apache-2.0
#include "lib/config/salvage.h"

#include <gmock/gmock.h>

namespace tandem::config {
namespace {

// Refuses lines that begin like this, the first in a round of its own, as a parser refuses before a validator does.
CommitResult load(const File& file, std::string& taken) {
  for (const char* const bad : {"unknown", "forbidden"}) {
    std::vector<Refusal> refusals;
    std::size_t number = 1;
    for (std::size_t begin = 0; begin < file.text.size(); ++number) {
      const std::size_t end = file.text.find('\n', begin);
      if (file.text.substr(begin, end - begin).starts_with(bad)) {
        refusals.push_back({number, bad});
      }
      begin = end + 1;
    }
    if (!refusals.empty()) {
      return base::Unexpected<std::vector<Refusal>>(refusals);
    }
  }
  taken = file.text;
  return Committed{};
}

TEST(Salvage, LeavesOutWhatIsRefusedAndTellsIt) {
  std::string taken;
  const Salvaged salvaged = salvage({.name = "x", .text = "a\nunknown 1\nb\nforbidden\nunknown 2\nc\n", .reading = {}},
                                    [&](const File& file) { return load(file, taken); });
  EXPECT_TRUE(salvaged.loaded);
  EXPECT_EQ(taken, "a\n\nb\n\n\nc\n");
  EXPECT_THAT(salvaged.left_out,
              testing::ElementsAre(Refusal{2, "unknown"}, Refusal{5, "unknown"}, Refusal{4, "forbidden"}));
}

TEST(Salvage, LoadsOnceWhatIsNotRefused) {
  int loads = 0;
  const Salvaged salvaged = salvage({.name = "x", .text = "a\n", .reading = {}}, [&](const File&) -> CommitResult {
    ++loads;
    return Committed{};
  });
  EXPECT_TRUE(salvaged.loaded && salvaged.left_out.empty());
  EXPECT_EQ(loads, 1);
}

TEST(Salvage, GivesUpWhereNoLineIsToBlame) {
  int loads = 0;
  const Salvaged salvaged = salvage({.name = "x", .text = "a\n", .reading = {}}, [&](const File&) -> CommitResult {
    ++loads;
    return base::Unexpected<std::vector<Refusal>>({{0, "the kernel refuses it"}});
  });
  EXPECT_FALSE(salvaged.loaded);
  EXPECT_EQ(loads, 1);
}

}  // namespace
}  // namespace tandem::config

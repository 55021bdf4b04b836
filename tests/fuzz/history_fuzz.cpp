// SPDX-License-Identifier: Apache-2.0
// The history file, which the daemon reads at each start. If the parser accepts it, the printed text must parse to the
// same content.
#include <algorithm>

#include "lib/config/history_file.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem;
  const auto entry = config::parse_entry(fuzz::text_of(data, std::min(size, fuzz::kMaxInput)));
  if (!entry) {
    return 0;
  }
  fuzz::require(!config::to_string(entry->commit.when).empty(), "a time can be shown");
  const std::string printed = config::print_entry(entry->commit, entry->text);
  const auto again = config::parse_entry(printed);
  fuzz::require(again && config::print_entry(again->commit, again->text) == printed, "what is printed is read",
                printed);
  fuzz::require(again->text == entry->text, "the configuration is the same", printed);
  return 0;
}

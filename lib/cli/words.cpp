// SPDX-License-Identifier: Apache-2.0
#include "lib/cli/words.h"

namespace tandem::cli {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::vector<Word> split_words(std::string_view line) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < line.size();) {
    if (is_blank(line[i])) {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    while (i < line.size() && !is_blank(line[i])) {
      ++i;
    }
    words.push_back({line.substr(begin, i - begin), begin});
  }
  return words;
}

}  // namespace tandem::cli

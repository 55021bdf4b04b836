// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tandem::cli {

bool is_blank(char c);  // also the end of a line

// A word of a line and where it begins (byte offset).
struct Word {
  std::string_view text;
  std::size_t offset;
};
std::vector<Word> split_words(std::string_view line);  // blanks separate words; several count as one

}  // namespace tandem::cli

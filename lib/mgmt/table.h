// SPDX-License-Identifier: Apache-2.0
// Tables that fit a terminal.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace tandem::mgmt {

inline constexpr std::size_t kTerminalWidth = 80;
inline constexpr std::size_t kUnlimited = std::numeric_limits<std::size_t>::max();  // for tables that scripts search

enum class Align { left, right };
struct Column {
  const char* title;
  Align align = Align::left;
};

// One blank between columns, each as wide as its widest cell. If the table is wider than `width`, the last column is cut, then
// the one before it, and so on, down to the widths of their titles; a cut cell ends with '~'.
std::string print_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                        std::size_t width = kTerminalWidth);

}  // namespace tandem::mgmt

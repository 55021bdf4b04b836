// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/table.h"

#include <algorithm>
#include <string_view>

namespace tandem::mgmt {
namespace {

std::vector<std::size_t> widths_of(const std::vector<Column>& columns,
                                   const std::vector<std::vector<std::string>>& rows, std::size_t limit) {
  std::vector<std::size_t> widths;
  std::size_t total = columns.size() - 1;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    std::size_t width = std::string_view(columns[i].title).size();
    for (const auto& row : rows) {
      width = std::max(width, row[i].size());
    }
    widths.push_back(width);
    total += width;
  }
  for (std::size_t i = columns.size(); i-- > 0 && total > limit;) {
    const std::size_t least = std::string_view(columns[i].title).size();
    const std::size_t cut = std::min(total - limit, widths[i] - least);
    widths[i] -= cut;
    total -= cut;
  }
  return widths;
}

std::string fit(std::string text, std::size_t width, Align align) {
  if (text.size() > width) {
    text.resize(width);
    text.back() = '~';
  }
  const std::string padding(width - text.size(), ' ');
  return align == Align::left ? text + padding : padding + text;
}

}  // namespace

std::string print_table(const std::vector<Column>& columns, const std::vector<std::vector<std::string>>& rows,
                        std::size_t width) {
  const std::vector<std::size_t> widths = widths_of(columns, rows, width);
  std::string out;
  const auto add_line = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      line += (i == 0 ? "" : " ") + fit(cell_of(i), widths[i], columns[i].align);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  add_line([&](std::size_t i) { return std::string(columns[i].title); });
  for (const auto& row : rows) {
    add_line([&](std::size_t i) { return row[i]; });
  }
  return out;
}

}  // namespace tandem::mgmt

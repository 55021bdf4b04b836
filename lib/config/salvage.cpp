// SPDX-License-Identifier: Apache-2.0
#include "lib/config/salvage.h"

#include <algorithm>

#include "lib/config/limits.h"

namespace tandem::config {
namespace {

// The lines that are refused become empty, so that the others keep their numbers. False: none of them has a number.
bool blank_out(std::string& text, const std::vector<Refusal>& refusals) {
  std::vector<std::size_t> lines;
  for (const Refusal& refusal : refusals) {
    lines.push_back(refusal.line);
  }
  std::string rest;
  bool blanked = false;
  std::size_t begin = 0;
  for (std::size_t number = 1; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const bool refused = std::find(lines.begin(), lines.end(), number) != lines.end();
    blanked = blanked || (refused && end > begin);
    rest += refused ? "" : text.substr(begin, end - begin);
    rest += '\n';
    begin = end + 1;
  }
  text = std::move(rest);
  return blanked;
}

}  // namespace

Salvaged salvage(File file, const Load& load) {
  Salvaged salvaged{.loaded = load(file), .left_out = {}};
  for (int round = 0; round < kMaxSalvageRounds && !salvaged.loaded; ++round) {
    const std::vector<Refusal> refusals = salvaged.loaded.error();
    if (!blank_out(file.text, refusals)) {
      break;
    }
    salvaged.left_out.insert(salvaged.left_out.end(), refusals.begin(), refusals.end());
    salvaged.loaded = load(file);
  }
  return salvaged;
}

}  // namespace tandem::config

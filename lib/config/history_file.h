// SPDX-License-Identifier: Apache-2.0
// The text of one file of the history (history.h). Such a file may be torn, edited, or of another program: parsing any
// text returns an entry or nullopt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/config/commit.h"

namespace tandem::config {

struct HistoryEntry {
  Commit commit;
  std::string text;
};

// One line of bounded length, as it stands in a comment.
std::string one_line(std::string_view text);

std::string print_entry(const Commit& commit, std::string_view configuration);
std::optional<HistoryEntry> parse_entry(std::string_view text);

}  // namespace tandem::config

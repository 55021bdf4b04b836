// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/words.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "lib/cli/match.h"

namespace tandem::mgmt {

std::string rfc3339(base::WallTime when) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(when);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (milliseconds - seconds).count());
}

std::string short_duration(base::Duration duration) {
  const auto seconds = std::max<std::int64_t>(0, std::chrono::floor<std::chrono::seconds>(duration).count());
  if (seconds < 60) {
    return fmt::format("{}s", seconds);
  }
  if (seconds < 3600) {
    return fmt::format("{}m{:02}s", seconds / 60, seconds % 60);
  }
  if (seconds < 86400) {
    return fmt::format("{}h{:02}m", seconds / 3600, seconds / 60 % 60);
  }
  return fmt::format("{}d", seconds / 86400);
}

std::string wrap(std::string_view text, std::size_t width, std::size_t indent) {
  std::string wrapped;
  std::size_t column = 0;
  for (const cli::Word& word : cli::split_words(text)) {
    if (column == 0) {
      // the first word of all
    } else if (column + 1 + word.text.size() > width) {
      wrapped += "\n" + std::string(indent, ' ');
      column = indent;
    } else {
      wrapped += ' ';
      ++column;
    }
    wrapped += word.text;
    column += word.text.size();
  }
  return wrapped;
}

}  // namespace tandem::mgmt

// SPDX-License-Identifier: Apache-2.0
#include "lib/config/commit.h"

#include <fmt/chrono.h>

#include <chrono>
#include <ctime>

namespace tandem::config {

std::string to_string(base::WallTime when) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(when);
  return fmt::format("{:%FT%TZ}", fmt::gmtime(static_cast<std::time_t>(seconds.time_since_epoch().count())));
}

}  // namespace tandem::config

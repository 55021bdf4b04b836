// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace tandem::config {

// One reason for refusal. `line` is that of the file, 0 if none.
struct Refusal {
  std::size_t line = 0;
  std::string message;  // without "% "
  bool operator==(const Refusal&) const = default;
};

}  // namespace tandem::config

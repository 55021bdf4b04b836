// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "lib/base/time.h"

namespace tandem::config {

// The user and process that changed the configuration.
struct Author {
  std::string user;
  std::uint32_t pid = 0;
};

struct Commit {
  std::uint64_t id = 0;
  base::WallTime when;
  Author author;
  std::string what;  // the line, the file, or the kind of candidate
  std::string comment;
};

// RFC 3339, UTC, whole seconds: "2026-11-21T09:24:54Z".
std::string to_string(base::WallTime when);

}  // namespace tandem::config

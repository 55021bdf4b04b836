// SPDX-License-Identifier: Apache-2.0
// Times and texts as a terminal shows them.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/time.h"

namespace tandem::mgmt {

std::string rfc3339(base::WallTime when);  // UTC, with milliseconds

// A duration in at most six characters, rounded down: "59s", "59m59s", "23h59m", "364d". Negative ones are "0s".
std::string short_duration(base::Duration duration);

// Breaks a text at blanks so that no line is longer than `width` (unless one word is); lines after the first begin with
// `indent` blanks.
std::string wrap(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace tandem::mgmt

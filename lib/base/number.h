// SPDX-License-Identifier: Apache-2.0
// Numbers in texts that a program has written.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace tandem::base {

// The decimal number that the whole text is. None if it is anything else, or does not fit.
template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

}  // namespace tandem::base

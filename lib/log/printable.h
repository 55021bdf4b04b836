// SPDX-License-Identifier: Apache-2.0
// Text from outside (peers, clients, interfaces, files) on its way to a terminal or file of another user. PURE.
#pragma once

#include <string>
#include <string_view>

namespace tandem::log {

// One line of UTF-8 without effect on the state of a terminal: control characters (C1, too), marks of writing direction and
// bytes that are not UTF-8 become \xNN. Idempotent.
std::string printable(std::string_view text);

// The same of several lines, which may be a configuration: line ends, tabs and marks of direction stay.
std::string printable_lines(std::string_view text);

// At most `limit` bytes of the text; not in the middle of a character.
std::string_view beginning(std::string_view text, std::size_t limit);

// The same, and how many bytes are missing.
std::string cut(std::string_view text, std::size_t limit);

}  // namespace tandem::log

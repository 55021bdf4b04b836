// SPDX-License-Identifier: Apache-2.0
// Escapes text from outside (peers, clients, interfaces, files) for a terminal or file of another user. PURE.
#pragma once

#include <string>
#include <string_view>

namespace tandem::log {

// One line of UTF-8 without effect on the state of a terminal: control characters (C1, too), marks of writing direction and
// bytes that are not UTF-8 become \xNN. Idempotent.
std::string printable(std::string_view text);

// The same for text of several lines, such as a configuration: line ends, tabs and direction marks stay.
std::string printable_lines(std::string_view text);

// The first `limit` bytes of the text at most; does not end in the middle of a character.
std::string_view beginning(std::string_view text, std::size_t limit);

// beginning(), followed by the number of omitted bytes.
std::string cut(std::string_view text, std::size_t limit);

}  // namespace tandem::log

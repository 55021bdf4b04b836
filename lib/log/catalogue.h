// SPDX-License-Identifier: Apache-2.0
// All messages that this program can log, for `show logging message` and doc/messages.md. The catalogue has a message
// when code that writes it (Logger::write) is linked into the program.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/log/log.h"

namespace tandem::log {

// Sorted by id.
std::vector<const Message*> catalogue();

// nullptr if no message has the id. The comparison ignores case: "vrrp-003".
const Message* find_message(std::string_view id);

// The text with "..." for each value: "interface ...: link is down".
std::string shown_text(const Message& message);

}  // namespace tandem::log

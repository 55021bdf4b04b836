// SPDX-License-Identifier: Apache-2.0
// Lines on stderr from a process that must not wait for their reader: a pipe, a terminal or a service manager's socket
// that no process empties holds up write() for ever.
#pragma once

#include <chrono>
#include <string_view>

namespace tandem::os {

// Writes `lines`, which end with a newline, as far as stderr takes them within `patience`; what it does not take is
// lost. Allocates nothing.
//
// O_NONBLOCK is no way to do this: the flag belongs to the open file, which the shell that started us may share.
void say(std::string_view lines, std::chrono::milliseconds patience = {});

}  // namespace tandem::os

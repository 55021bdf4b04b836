// SPDX-License-Identifier: Apache-2.0
// Writes to stderr with a timeout: write() to a pipe, a terminal or a service manager's socket that no process reads
// would block for ever.
#pragma once

#include <chrono>
#include <string_view>

namespace tandem::os {

// Writes `lines`, which end with a newline, for up to `timeout`; the rest is lost. Does not allocate.
//
// It does not set O_NONBLOCK: the flag belongs to the open file description, which the calling shell may share.
void say(std::string_view lines, std::chrono::milliseconds timeout = {});

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// The message of the day, with which sessions of the shell begin (`banner motd`).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vrrpd/config/model.h"

namespace tandem::vrrpd::daemon {

// Without a newline at its end. Empty: none is wanted; not set: the shell has its own greeting. Of a file that cannot
// be read, why. Only the first kMotdLimit bytes (limits.h) of a regular file: a shell's start waits for it.
// A file lies below one of the directories.
std::optional<std::string> motd_text(const std::optional<config::Motd>& motd,
                                     const std::vector<std::string>& directories);

}  // namespace tandem::vrrpd::daemon

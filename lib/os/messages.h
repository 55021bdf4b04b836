// SPDX-License-Identifier: Apache-2.0
// Log messages of this folder.
#pragma once

#include "lib/log/log.h"

namespace tandem::os {

inline constexpr log::Message kLinesDropped{
    "VRRP-080", log::Level::warnings, "{} lines were dropped here: they could not be written",
    "Look at what takes the log here (disk, journald, syslog, the reader of a pipe); `show logging` counts them."};

}  // namespace tandem::os

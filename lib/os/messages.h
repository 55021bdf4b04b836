// SPDX-License-Identifier: Apache-2.0
// Log messages of this folder.
#pragma once

#include "lib/log/log.h"

namespace tandem::os {

inline constexpr log::Message kLinesDropped{
    "VRRP-080", log::Level::warnings, "{} lines were dropped here: they could not be written",
    "Check the destination of the log (disk, journald, syslog, the reader of a pipe); `show logging` counts them."};

inline constexpr log::Message kSysctlChanged{"IO-001", log::Level::notifications,
                                             "sysctl {} of interface {} changed from {} to {}",
                                             "The daemon needs the new value; it restores the old one at exit."};
inline constexpr log::Message kSysctlRestored{"IO-002", log::Level::notifications,
                                              "sysctl {} of interface {} restored from {} to {}", ""};
inline constexpr log::Message kSysctlLeft{
    "IO-003", log::Level::notifications,
    "sysctl {} of interface {} left at {}: another program has changed our value {}", ""};
inline constexpr log::Message kSysctlHealed{
    "IO-050", log::Level::warnings,
    "sysctl {} of interface {} was {} and is {} again: another program has written to it ({}. time)",
    "Find that program (udev applies /etc/sysctl.d to each new interface); until it was healed the daemon may not have "
    "answered hosts there."};

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// What the frame of a daemon logs. The ids are those that these messages had before other daemons used them.
#pragma once

#include "lib/log/log.h"

namespace tandem::daemon {

using log::Level;
using log::Message;

inline constexpr Message kStopping{"VRRP-002", Level::notifications, "stopping on signal {}", ""};
inline constexpr Message kOrdinaryPriority{
    "VRRP-025", Level::informational, "{}: urgent work may be late when the processors are busy",
    "Give the daemon CAP_SYS_NICE or a limit for real-time priorities (LimitRTPRIO=1 in systemd)."};
inline constexpr Message kCleansUp{"VRRP-070", Level::notifications,
                                   "removes the kernel state that the worker before this one has left, and ends", ""};
inline constexpr Message kCallRefused{"VRRP-048", Level::errors, "system call {} ({}) refused: {} does not need it",
                                      "Please report it. If the daemon was told to do something that it should: start "
                                      "it with --no-seccomp until that is mended."};
inline constexpr Message kCallsNotRestricted{"VRRP-049", Level::warnings, "system calls are not restricted: {}",
                                             "A kernel with CONFIG_SECCOMP_FILTER restricts them."};
inline constexpr Message kStaysRoot{
    "VRRP-082", Level::warnings, "stays root and does not become user '{}': {}",
    "Give that user the directories and the configuration, or start the daemon with -u root."};
inline constexpr Message kNotSaveable{"VRRP-110", Level::warnings,
                                      "`write` cannot save {}: user '{}', as whom {} runs, may not make files in {}",
                                      "Give the directory to that user or its group, or start the daemon with -u root. "
                                      "The running configuration is not affected."};
inline constexpr Message kLogFileNotOpened{"VRRP-083", Level::errors, "goes on without its log file: {}",
                                           "Let `log file`, or --log, name a file that the daemon may write to."};
inline constexpr Message kRecordsDropped{"VRRP-081", Level::warnings,
                                         "{} messages were dropped here: the processors had no time to log them",
                                         "Switch debugging off, or log less; `show logging` counts them."};

inline constexpr Message kNoConfig{"VRRP-014", Level::notifications, "no configuration file {}: starting empty", ""};
inline constexpr Message kReloaded{"VRRP-015", Level::notifications, "configuration reloaded from {}", ""};
inline constexpr Message kSkipped{"VRRP-023", Level::warnings, "{}",
                                  "Only `--lenient` skips lines; the daemon with `-C` and without it names them all."};
inline constexpr Message kReloadRefused{"VRRP-016", Level::errors, "reload refused, nothing changed: {}",
                                        "Correct the file and send SIGHUP again."};
inline constexpr Message kNotOfThisVersion{
    "VRRP-100", Level::errors, "left out, this version does not take it: {}",
    "It ran before another version was installed. Compare `show running-config` with the startup file."};

}  // namespace tandem::daemon

// SPDX-License-Identifier: Apache-2.0
// What this folder logs.
#pragma once

#include "lib/log/log.h"

namespace tandem::ipc {

inline constexpr log::Message kGarbage{"IPC-001", log::Level::warnings,
                                       "management session of {} (process {}) closed: {}",
                                       "Use a vtysh of the same release."};
inline constexpr log::Message kTooManySessions{"IPC-002", log::Level::warnings,
                                               "management session of {} (process {}) refused: {} are open already",
                                               "Close sessions that are not used."};
inline constexpr log::Message kNotReading{
    "IPC-003", log::Level::warnings, "management session of {} (process {}) closed: it does not read what it asked for",
    "Look for a stopped or hanging vtysh."};
inline constexpr log::Message kAcceptFailed{"IPC-004", log::Level::errors, "cannot accept a management session: {}",
                                            "Raise the limit of open files if that is the reason."};

}  // namespace tandem::ipc

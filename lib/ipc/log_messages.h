// SPDX-License-Identifier: Apache-2.0
// Log messages of this folder.
#pragma once

#include "lib/log/log.h"

namespace tandem::ipc {

inline constexpr log::Message kClosed{
    "IPC-001", log::Level::warnings, "management session of {} (process {}) closed: {}{}",
    "Look for a stopped, hanging or foreign client; vtysh must be of the same release."};
inline constexpr log::Message kTooManySessions{"IPC-002", log::Level::warnings,
                                               "management session of {} (process {}) refused: {}{}",
                                               "Close sessions that are not used."};
inline constexpr log::Message kAcceptFailed{"IPC-004", log::Level::errors, "cannot accept a management session: {}",
                                            "Raise the limit of open files if that is the reason."};

}  // namespace tandem::ipc

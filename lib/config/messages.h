// SPDX-License-Identifier: Apache-2.0
// What transactions log. CONF-001 to CONF-003 are the audit: every change of the running configuration is one of them.
#pragma once

#include "lib/log/log.h"

namespace tandem::config {

using log::Level;
using log::Message;

inline constexpr Message kCommitted{"CONF-001", Level::notifications, "commit {} by {} (pid {}): {}{}", ""};
inline constexpr Message kConfirmed{"CONF-002", Level::notifications, "commit {} confirmed by {} (pid {})", ""};
inline constexpr Message kRolledBack{"CONF-003", Level::warnings,
                                     "commit {}: rolled back commit {} of {}, which was not confirmed {}",
                                     "Commit it again and `commit confirm` it, if it was meant to stay."};
inline constexpr Message kRollbackFailed{
    "CONF-004", Level::critical, "commit {} was not confirmed and cannot be rolled back, trying again: {}",
    "Remove the cause that the message names, or keep the commit with `commit confirm`."};
inline constexpr Message kHistoryNotWritten{
    "CONF-005", Level::warnings, "commit {} is not in the history on the disk: {}",
    "Make room or correct the permissions; until then `rollback` knows the last commits from memory only."};
inline constexpr Message kHistoryUnreadable{"CONF-006", Level::warnings, "ignored in the history of commits: {}",
                                            "Remove the file if it is of no use."};
inline constexpr Message kCandidateLost{"CONF-007", Level::informational,
                                        "uncommitted changes of {} (pid {}) discarded: the session ended", ""};
inline constexpr Message kUnconfirmedNotWritten{
    "CONF-008", Level::warnings, "commit {} on probation is not on the disk: {}",
    "It is rolled back in time, but not if the daemon restarts before; do not `write` it."};

}  // namespace tandem::config

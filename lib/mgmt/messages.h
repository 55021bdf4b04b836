// SPDX-License-Identifier: Apache-2.0
// What the management side logs.
#pragma once

#include "lib/log/log.h"

namespace tandem::mgmt {

inline constexpr log::Message kRefused{"MGMT-003", log::Level::warnings,
                                       "{} (uid {}, pid {}) may not configure: refused \"{}\"{}",
                                       "Add the user to the group tandem so that the user may configure."};

}  // namespace tandem::mgmt

// SPDX-License-Identifier: Apache-2.0
// The log messages of this folder.
#pragma once

#include "lib/log/log.h"

namespace tandem::net {

inline constexpr log::Message kSendFailed{
    "IO-016", log::Level::warnings, "interface with index {}: cannot send: {} (and {} more like this before)", ""};

}  // namespace tandem::net

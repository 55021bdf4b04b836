// SPDX-License-Identifier: Apache-2.0
// What vrrpd tells the frame of all daemons (lib/daemon) about itself.
#pragma once

#include "lib/daemon/description.h"

namespace tandem::vrrpd::daemon {

inline constexpr const char* kProgram = "vrrpd";

tandem::daemon::Description description();

}  // namespace tandem::vrrpd::daemon

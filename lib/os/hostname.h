// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tandem::os {

std::string hostname();  // the kernel's; "localhost" if it has none

}  // namespace tandem::os

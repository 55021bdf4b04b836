// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tandem::os {

std::string hostname();          // the kernel's; "localhost" if none is set
std::string operating_system();  // "Linux(6.1.0-18-amd64)"

}  // namespace tandem::os

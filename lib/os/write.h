// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace tandem::os {

// Writes all of it, in as many system calls as that takes. Returns errno's value, 0: done; otherwise a part of it may
// have been written.
int write_all(int descriptor, std::string_view text);

}  // namespace tandem::os

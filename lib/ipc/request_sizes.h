// SPDX-License-Identifier: Apache-2.0
// Checks the sizes of a request in its encoded form. protobuf allocates an object for each field, so a frame of 16 MiB
// could take gigabytes. PURE; private to this folder.
#pragma once

#include <string_view>

#include "lib/base/result.h"

namespace tandem::ipc {

// Fails if the bytes are not a message or exceed a limit of limits.h; the error names the field.
base::Result<> check_request_sizes(std::string_view bytes);

}  // namespace tandem::ipc

// SPDX-License-Identifier: Apache-2.0
// Checks the sizes of a request in its encoded form: protobuf allocates an object for each field, so a frame of 16 MiB
// could become gigabytes. PURE; for this folder only.
#pragma once

#include <string_view>

#include "lib/base/result.h"

namespace tandem::ipc {

// Fails if the bytes are no message or exceed a limit of limits.h; the error names the field.
base::Result<> check_request_sizes(std::string_view bytes);

}  // namespace tandem::ipc

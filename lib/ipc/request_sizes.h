// SPDX-License-Identifier: Apache-2.0
// What a request may hold, looked at in its bytes: protobuf makes an object of every field that it meets, so that a
// frame of 16 MiB could become gigabytes. PURE; for this folder only.
#pragma once

#include <string_view>

#include "lib/base/result.h"

namespace tandem::ipc {

// Fails on what is no message, or exceeds a limit of limits.h, naming the field.
base::Result<> check_request_sizes(std::string_view bytes);

}  // namespace tandem::ipc

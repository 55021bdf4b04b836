// SPDX-License-Identifier: Apache-2.0
// Conversions between the values of messages.h and protobuf. Decoding fails on bytes that are not a message, on unknown
// bodies, and on numbers outside their enum.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/ipc/messages.h"

namespace tandem::ipc {

std::string encode(const Request& request);
std::string encode(const Reply& reply);
base::Result<Request> decode_request(std::string_view bytes);
base::Result<Reply> decode_reply(std::string_view bytes);

}  // namespace tandem::ipc

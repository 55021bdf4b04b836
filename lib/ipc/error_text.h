// SPDX-License-Identifier: Apache-2.0
// The form of Done::error on the socket: "% MESSAGE", as vtysh prints it. A refused file has "NAME:LINE: MESSAGE" lines
// instead. Shells and daemons of different versions talk to each other, so that the form is part of the protocol. PURE.
#pragma once

#include <string>
#include <string_view>

namespace tandem::ipc {

inline constexpr std::string_view kErrorMark = "% ";

std::string encode_error(std::string_view message);

// The message alone, for a text that gives it a context or marks it again. A text without the mark is the message.
std::string decode_error(std::string_view error);

}  // namespace tandem::ipc

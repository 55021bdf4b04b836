// SPDX-License-Identifier: Apache-2.0
#include "lib/ipc/error_text.h"

namespace tandem::ipc {

std::string encode_error(std::string_view message) { return std::string(kErrorMark).append(message); }

std::string decode_error(std::string_view error) {
  return std::string(error.substr(error.starts_with(kErrorMark) ? kErrorMark.size() : 0));
}

}  // namespace tandem::ipc

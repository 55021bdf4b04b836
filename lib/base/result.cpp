// SPDX-License-Identifier: Apache-2.0
#include "lib/base/result.h"

#include <system_error>

namespace tandem::base {

Unexpected<Error> fail_errno(int code, std::string what) {
  return Unexpected<Error>(Error{what + ": " + std::generic_category().message(code), code});
}

Unexpected<Error> fail_with_context(std::string context, const Error& error) {
  return Unexpected<Error>(Error{context + ": " + error.message, error.code});
}

}  // namespace tandem::base

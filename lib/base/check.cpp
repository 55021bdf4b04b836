// SPDX-License-Identifier: Apache-2.0
#include "lib/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace tandem::base {

void invariant_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: broken invariant: %s\n", file, line, expression);
  std::abort();
}

}  // namespace tandem::base

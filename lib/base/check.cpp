// SPDX-License-Identifier: Apache-2.0
#include "lib/base/check.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

namespace tandem::base {

void invariant_failed(const char* expression, const char* file, int line) {
  std::array<char, 512> text{};
  const int size = std::snprintf(text.data(), text.size(), "%s:%d: broken invariant: %s\n", file, line, expression);
  pollfd output{STDERR_FILENO, POLLOUT, 0};
  if (::poll(&output, 1, 0) == 1 && (output.revents & POLLOUT) != 0) {  // a reader that hangs must not keep us alive
    const auto length = std::min(static_cast<std::size_t>(std::max(size, 0)), text.size() - 1);
    const ssize_t written = ::write(STDERR_FILENO, text.data(), length);
    static_cast<void>(written);
  }
  std::abort();
}

}  // namespace tandem::base

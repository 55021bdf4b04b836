// SPDX-License-Identifier: Apache-2.0
#include "lib/os/write.h"

#include <unistd.h>

#include <cerrno>

namespace tandem::os {

int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) {
      return errno;
    }
    text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
  }
  return 0;
}

}  // namespace tandem::os

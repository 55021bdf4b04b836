// SPDX-License-Identifier: Apache-2.0
#include "lib/os/fd.h"

#include <unistd.h>

namespace tandem::os {

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    reset();
    descriptor_ = other.release();
  }
  return *this;
}

int FileDescriptor::release() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  return descriptor;
}

void FileDescriptor::reset() {
  if (is_open()) {
    ::close(release());
  }
}

}  // namespace tandem::os

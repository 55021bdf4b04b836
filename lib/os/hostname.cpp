// SPDX-License-Identifier: Apache-2.0
#include "lib/os/hostname.h"

#include <limits.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>

namespace tandem::os {

std::string hostname() {
  std::array<char, HOST_NAME_MAX + 1> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0 || buffer.front() == '\0') {
    return "localhost";
  }
  return buffer.data();
}

std::string operating_system() {
  utsname name{};
  return ::uname(&name) == 0 ? std::string(name.sysname) + "(" + name.release + ")" : std::string("Linux");
}

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
#include "lib/os/descriptors.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>

namespace tandem::os {

base::Result<> allow_descriptors(std::size_t fewest, std::size_t most) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return base::fail_errno(errno, "cannot read the limit of open files");
  }
  const rlim_t wanted = std::max(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, most));
  if (wanted < fewest) {
    return base::fail("the limit of open files is {}, and {} are needed: raise it (LimitNOFILE in systemd, ulimit -n)",
                      wanted, fewest);
  }
  limit.rlim_cur = wanted;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return base::fail_errno(errno, "cannot raise the limit of open files");
  }
  return {};
}

bool leaves_room(int descriptor, std::size_t reserved) {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) != 0 || static_cast<rlim_t>(descriptor) + reserved < limit.rlim_cur;
}

}  // namespace tandem::os

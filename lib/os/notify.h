// SPDX-License-Identifier: Apache-2.0
// Tells systemd how the service is doing (sd_notify(3)); does nothing where systemd has not asked for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/time.h"
#include "lib/os/fd.h"

namespace tandem::os {

class ServiceManager {
 public:
  // Reads $NOTIFY_SOCKET and $WATCHDOG_USEC, and removes them: children do not speak for the service.
  ServiceManager();

  // Puts back what was removed: before another program is executed.
  void restore_environment() const;
  // Whether there is one that starts the service again when its main process dies.
  bool is_there() const { return socket_.is_open(); }
  // "READY=1", "STATUS=…"; several in lines. Allocates nothing, never waits.
  void tell(std::string_view state) const;
  // How often "WATCHDOG=1" is expected; none if it is not.
  std::optional<base::Duration> watchdog() const { return watchdog_; }

 private:
  std::string path_;
  FileDescriptor socket_;
  std::optional<base::Duration> watchdog_;
};

}  // namespace tandem::os

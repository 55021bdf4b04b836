// SPDX-License-Identifier: Apache-2.0
// Status reports to systemd (sd_notify(3)). Does nothing unless systemd started the process with $NOTIFY_SOCKET.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/time.h"
#include "lib/os/fd.h"

namespace tandem::os {

class ServiceManager {
 public:
  // Reads $NOTIFY_SOCKET and $WATCHDOG_USEC and removes them from the environment: children must not report for the
  // service.
  ServiceManager();

  // Restores the removed variables, for a program that this process is about to execute.
  void restore_environment() const;
  // Whether a service manager restarts the service when its main process dies.
  bool is_there() const { return socket_.is_open(); }
  // Sends "READY=1", "STATUS=…"; one per line. Does not allocate or block.
  void tell(std::string_view state) const;
  // The interval in which systemd expects "WATCHDOG=1"; nullopt: it does not.
  std::optional<base::Duration> watchdog() const { return watchdog_; }

 private:
  std::string path_;
  FileDescriptor socket_;
  std::optional<base::Duration> watchdog_;
};

}  // namespace tandem::os

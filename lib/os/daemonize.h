// SPDX-License-Identifier: Apache-2.0
// Daemonizing with a result: the parent waits until the child reports, then exits with 0, or with 1 and the message.
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

class Background {
 public:
  // Forks; only the child returns. Call before threads, event loop, sockets and PID file exist.
  static base::Result<Background> enter(const std::string& program);

  // Call when the daemon runs: lets the parent exit with 0 and closes the terminal (stdin, stdout, stderr become
  // /dev/null). The working directory stays: SIGHUP reads a configuration file with a relative name again.
  void report_ready();
  // For a second process of the daemon that inherited this object: closes the terminal without a report. The parent
  // exits when all processes have left.
  void leave();
  // Call when the start has failed, then exit: the parent prints "PROGRAM: message" and exits with 1. The parent also
  // reports a child that ends without a report.
  void report_failure(const base::Error& error);

 private:
  explicit Background(FileDescriptor to_parent) : to_parent_(std::move(to_parent)) {}

  FileDescriptor to_parent_;
};

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// Going to the background such that the process that started the daemon learns whether it runs: the parent waits for
// the child's word and exits with 0, or with 1 and the message.
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

class Background {
 public:
  // Forks. The parent never returns from here. Call before threads, event loop, sockets and PID file exist.
  static base::Result<Background> enter(const std::string& program);

  // The daemon runs: releases the parent and leaves the terminal (stdin, stdout, stderr become /dev/null). The working
  // directory stays: a configuration file that was given by a relative name is read again at SIGHUP.
  void report_ready();
  // For a second process of the daemon that has this object too: leaves in the same way, and says nothing. The parent
  // is released when all have left.
  void leave();
  // It does not: the parent prints "PROGRAM: message" and exits with 1. The caller exits then. A child that ends
  // without a word is reported by the parent as well.
  void report_failure(const base::Error& error);

 private:
  explicit Background(FileDescriptor to_parent) : to_parent_(std::move(to_parent)) {}

  FileDescriptor to_parent_;
};

}  // namespace tandem::os

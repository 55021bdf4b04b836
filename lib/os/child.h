// SPDX-License-Identifier: Apache-2.0
// A child process for what may take its time, watched by the event loop through a pidfd.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/event/loop.h"

namespace tandem::os {

struct ChildEnd {
  int status = 0;         // exit status, if it exited
  int signal_number = 0;  // that ended it, or 0
  bool ok() const { return status == 0 && signal_number == 0; }
  std::string to_string() const;  // "exited with status 1", "ended by signal 9"
};

class Child {
 public:
  using EndHandler = std::function<void(ChildEnd)>;

  // Runs a program (searched in PATH), or a function whose result is the exit status. The function runs in a copy of
  // this process: it must not touch the event loop. Descriptors that are not close-on-exec are inherited. `on_end` may
  // destroy the Child.
  static base::Result<Child> run(event::Loop& loop, const std::vector<std::string>& command, EndHandler on_end);
  static base::Result<Child> run(event::Loop& loop, const std::function<int()>& function, EndHandler on_end);

  ~Child();  // kills it if it still runs
  Child(Child&&) noexcept;
  Child& operator=(Child&&) noexcept;

  int pid() const;
  void send_signal(int signal_number);

 private:
  struct Impl;
  explicit Child(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;  // kept by the handler that runs, so that it may destroy the Child
};

}  // namespace tandem::os

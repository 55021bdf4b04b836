// SPDX-License-Identifier: Apache-2.0
// The log of a worker (doc/decisions/0030). Each of its two threads has a logger. That of the management thread owns the
// destinations, so that no other thread waits for a disk. That of the program's own thread passes its records on to the
// first, and drops and counts them while too many are on their way.
#pragma once

#include "lib/base/result.h"
#include "lib/daemon/options.h"
#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "lib/log/relay.h"
#include "lib/log/ring.h"

namespace tandem::daemon {

class WorkerLog {
 public:
  // `loop`: of the program's own thread. Keeps references to both.
  WorkerLog(event::Loop& loop, event::Loop& management_loop);
  WorkerLog(const WorkerLog&) = delete;
  WorkerLog& operator=(const WorkerLog&) = delete;
  ~WorkerLog() = default;

  enum class WithoutFile { fails, uses_standard_error };
  // Opens what option --log names; before the management thread exists. `without_file`: what happens if that cannot be
  // opened. The error is for stderr.
  base::Result<> open(const Options& options, WithoutFile without_file);

  log::Logger& logger() { return logger_; }            // for the management thread
  log::Logger& loop_logger() { return loop_logger_; }  // for the program's own thread
  const log::Ring& last_lines() const { return last_lines_; }
  const log::Backlog& backlog() const { return backlog_; }  // of records between the threads
  int handle_of_option() const { return handle_; }          // of the sink that option --log names

 private:
  void connect();

  event::Loop& loop_;
  event::Loop& management_loop_;
  log::Ring last_lines_;
  log::Logger logger_;
  log::Logger loop_logger_;
  log::Backlog backlog_;
  int handle_ = 0;
};

}  // namespace tandem::daemon

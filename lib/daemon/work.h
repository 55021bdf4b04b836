// SPDX-License-Identifier: Apache-2.0
// The two halves of a worker, which each daemon implements, and what the frame gives to them. The program's own thread
// does what must not be late (vrrpd: the protocol); the management thread does configuration, files and shells. Each has
// a loop. The frame (worker.h) makes loops, logs and the management thread, takes the signals, sends management's
// heartbeats and restricts the system calls.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "lib/daemon/options.h"
#include "lib/daemon/shared_checkpoint.h"
#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "lib/log/relay.h"
#include "lib/log/ring.h"
#include "lib/os/seccomp.h"
#include "lib/supervisor/shared.h"

namespace tandem::daemon {

// What a worker has from the supervisor.
struct WorkerContext {
  const supervisor::Shared* shared = nullptr;     // nullptr: there is no supervisor
  int listening = -1;                             // the management socket, if it is open already; taken over
  std::vector<int> kept{};                        // Fence::descriptors()
  std::optional<os::SystemCallFilter> filter{};   // none: any system call may be made
  std::optional<supervisor::End> replaced_for{};  // how the worker before ended; none: the first, or a restart
  bool clean_up = false;                          // only remove what the worker before has left
  event::Handler on_ready{};                      // the configuration has been applied, or read again
};

class Frame {
 public:
  virtual ~Frame() = default;

  virtual const Options& options() const = 0;
  virtual const WorkerContext& context() const = 0;
  virtual event::Loop& loop() = 0;             // of the program's own thread
  virtual event::Loop& management_loop() = 0;  // of the management thread
  virtual log::Logger& loop_logger() = 0;      // for the program's own thread: management writes its records
  virtual log::Logger& logger() = 0;           // for the management thread
  virtual const log::Ring& last_lines() const = 0;
  virtual const log::Backlog& log_backlog() const = 0;  // from the first thread to the second
  virtual int log_handle() const = 0;                   // of the sink that option --log names
  // From any thread: runs it on the management thread, unless the worker ends before.
  virtual void on_management(event::Handler handler) = 0;
};

class Work {
 public:
  virtual ~Work() = default;
  virtual SharedCheckpoint& checkpoint() = 0;
  // Whether the worker before has left something to continue with.
  virtual bool continues() const = 0;

  // ---- on the program's own thread

  // Opens what does the work, and continues at once what the worker before did. The errors are for stderr.
  virtual base::Result<> open() = 0;
  // From now on, as long as the loop runs.
  virtual void start_heartbeats() = 0;
  // Releases everything: nothing is left in the kernel.
  virtual void stop() = 0;

  // ---- on the management thread. If there is nothing to continue with,
  // open_management() is called on the program's own thread, before the management thread exists.

  virtual base::Result<> open_management() = 0;
  virtual bool has_management() const = 0;
  // The startup file, or what the checkpoint has, as one transaction.
  virtual base::Result<> load_configuration() = 0;
  virtual void reload() = 0;            // SIGHUP
  virtual void close_management() = 0;  // on the program's own thread, when the management thread has ended
};

}  // namespace tandem::daemon

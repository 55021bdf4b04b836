// SPDX-License-Identifier: Apache-2.0
// The parent of the process that does the work (doc/decisions/0015). It starts a worker, and another one when that ends; it
// kills and fences a worker that gives no sign of life. What it does when is decided in decision.h; here are the system
// calls.
//
// After open() the supervisor allocates nothing, opens no file except one for each worker that starts, and calls no
// library but the C library's system calls: the cause of a worker's death (no memory, a full disk, a bug) does not affect
// it. It ends when the worker ends properly.
#pragma once

#include <array>
#include <csignal>
#include <optional>

#include "lib/base/result.h"
#include "lib/os/daemonize.h"
#include "lib/os/notify.h"
#include "lib/supervisor/decision.h"
#include "lib/supervisor/fence.h"
#include "lib/supervisor/worker_process.h"

namespace tandem::supervisor {

class Supervisor {
 public:
  // Keeps references to all of them.
  struct Dependencies {
    const char* program;  // "vrrpd"
    Shared& shared;
    const os::ServiceManager& manager;
    std::optional<os::Background>& background;  // left as soon as the worker has applied its configuration
    const Fence& fence;
    pid_t predecessor = 0;  // a worker of the program that this one has replaced (exec); 0: none
  };
  static base::Result<Supervisor> open(const Dependencies& dependencies);
  // From now on the signals that the supervisor takes wait for it: none ends a program that has begun to make things.
  static void hold_signals();

  enum class Role {
    worker,      // each worker returns from run() with this; its signals wait until it takes them
    ended,       // the program ends with status()
    restarting,  // another program is to take over, whose run() replaces the worker. If there is none: call run() again
  };
  Role run();
  int status() const { return state_.exit_status; }
  pid_t worker() const { return state_.pid; }
  bool cleans_up() const { return is_cleaning_up(state_); }  // in a worker: it does nothing else

  // The end that has made the present worker necessary. None: it is the first, or the one before exited for a restart.
  const std::optional<End>& replaced_for() const { return state_.replaced_for; }

  // Called by the worker when its configuration has been applied, or read again.
  void note_ready() const;

 private:
  explicit Supervisor(const Dependencies& dependencies) : given_(dependencies) {}
  Header& header() const { return given_.shared.header(); }

  // ---- events
  void wait();
  void handle_signals();
  void handle_wake();
  void handle_end();
  void handle(const Event& event);

  // ---- actions; each returns an event that answers it, or none
  void execute(const Decision& decision);
  using Answer = std::optional<Event>;
  Answer act(const StartWorker& action);
  Answer act(const SignalWorker& action);
  Answer act(const IsolateWorker& action);
  Answer act(const AwaitExit& action);
  Answer act(const Resign& action);
  Answer act(const ExamineWorker& action);
  Answer act(const ExamineManagement& action);
  Answer act(const RecordEnd& action);
  Answer act(const Notify& action);
  Answer act(const LeaveBackground& action);
  Answer act(const ReportEnd& action);
  Answer act(const ReportKilledWhileExiting& action);

  void become_worker(pid_t parent);
  bool sends_heartbeats() const;

  Dependencies given_;
  State state_;
  os::FileDescriptor signals_;
  os::FileDescriptor wake_;
  WorkerProcess worker_;              // not open while there is no worker
  std::array<char, 256> last_end_{};  // in words; empty: none
  bool is_worker_ = false;            // this process is a worker now
};

}  // namespace tandem::supervisor

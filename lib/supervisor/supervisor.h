// SPDX-License-Identifier: Apache-2.0
// The parent of the process that does the work (design.md §8). It starts a worker, and does two things then: it starts
// another one when that ends, and it fences one that gives no sign of life, or ends again and again.
//
//                     ends: at once                     5 times in 60 s: fence, after a pause
//   start ──► worker ───────────────► worker ──► … ────────────────────────────────────────► worker ──► …
//                     silent: kill, fence, at once
//                     management silent: it leaves, at once
//                     told to end, and crashes: fence, then one that only cleans up
//
// After open() nothing is allocated, no file opened (but one for each worker that starts), no library called but the C
// library's system calls: what the worker died of (memory, a full disk, a bug) does not concern it. It ends when the
// worker ends properly.
#pragma once

#include <array>
#include <csignal>
#include <cstdint>
#include <optional>

#include "lib/base/result.h"
#include "lib/os/daemonize.h"
#include "lib/os/notify.h"
#include "lib/supervisor/fence.h"
#include "lib/supervisor/signs.h"

namespace tandem::supervisor {

class Supervisor {
 public:
  // Keeps references to all of them.
  struct Dependencies {
    const char* program;  // "vrrpd"
    Shared& shared;
    const os::ServiceManager& manager;
    std::optional<os::Background>& background;  // left as soon as the worker works
    const Fence& fence;
    pid_t predecessor = 0;  // a worker of the program that this one has replaced (exec); 0: none
  };
  static base::Result<Supervisor> open(const Dependencies& dependencies);
  // From now on the signals that the supervisor takes wait for it: none ends a program that has begun to make things.
  static void hold_signals();

  enum class Role {
    worker,      // each worker returns from run() with this; its signals wait until it takes them
    ended,       // the program ends with status()
    restarting,  // SIGUSR2: another program is to take over, whose run() relieves the worker. If there is none: run()
  };
  Role run();
  int status() const { return status_.value_or(0); }
  pid_t worker() const { return pid_; }
  bool cleans_up() const { return cleans_up_.has_value(); }  // in a worker: it does nothing else

  // The end that has made the worker of now necessary. None: it is the first, or the one before it made room.
  const std::optional<End>& after() const { return after_; }

  // What the worker calls when its configuration has been applied, or read again.
  void note_ready() const;

 private:
  using Time = std::int64_t;  // microseconds of CLOCK_MONOTONIC

  explicit Supervisor(const Dependencies& dependencies) : parts_(dependencies) {}
  Header& header() const { return parts_.shared.header(); }
  void fence();

  enum class Became { supervisor, worker };
  void relieve(pid_t predecessor);
  Became start_worker();
  void become_worker(pid_t parent);
  void look();
  Time deadline() const;
  void wait();
  void on_signal();
  void on_wake();
  void on_end();
  void on_deadline(Time now);
  void replace_after_crash(const End& end);
  void replace_silent(Time now);
  void replace_without_management(Time now);
  void note_reloading() const;
  bool makes_progress() const;
  bool await_end(std::int64_t at_most) const;  // milliseconds
  char state_of_worker() const;
  char state_of_management() const;
  bool waits_for_kernel(Time now);
  std::size_t count_crash(Time now);
  void report_unreported();
  void note_running() const;
  void clean_up(int status);
  void finish(int status) { status_ = status; }

  Dependencies parts_;
  os::FileDescriptor signals_;
  os::FileDescriptor wake_;
  os::FileDescriptor worker_;  // a pidfd; closed while there is none
  os::FileDescriptor stat_;    // the worker's /proc/PID/stat; closed if that cannot be had

  pid_t pid_ = 0;
  Time due_ = 0;  // the deadline that was waited for
  SignsOfLife signs_;
  Time in_kernel_since_ = 0;
  Time start_at_ = 0;                // while there is no worker: when one is to be started
  Time stop_by_ = 0;                 // it was told to end; 0: it was not
  Time leave_by_ = 0;                // it was told to make room for another one
  std::optional<End> leaves_for_{};  // why, if not for a restart
  bool restart_ = false;             // SIGUSR2 has come
  std::optional<int> cleans_up_{};   // the worker is the last one; the status after it
  Time watchdog_at_ = 0;             // when systemd wants to hear of us; 0: it does not
  Time pause_ = 0;                   // after the last crash; 0: none
  bool served_ = false;              // some worker has worked
  End killed_for_{};                 // why we have killed the worker, if we have
  std::optional<End> after_{};
  pid_t killed_leaving_ = 0;              // a worker that did not make room, until report_unreported()
  std::optional<End> unreported_{};       // the last end, until report_unreported()
  std::array<char, 256> last_end_{};      // in words; empty: none
  std::array<Time, kCrashes> crashes_{};  // when the last ones were, as a ring
  std::size_t next_crash_ = 0;
  std::optional<int> status_{};
};

}  // namespace tandem::supervisor

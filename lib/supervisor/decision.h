// SPDX-License-Identifier: Apache-2.0
// The decisions of the supervisor. PURE: (state, event, time) -> (next state, actions); supervisor.cpp makes the events
// and carries out the actions. decision_test.cpp has a row for every event in every mode.
//
//                   exits: at once                  the 5th time in 60 s: resign, pause
//   no_worker ──► serving ──────────► no_worker ──► … ─────────────────────────────────► no_worker ──► …
//                   silent            SIGKILL, resign, then as above              (killed)
//                   management silent SIGUSR2; it is replaced                     (exiting)
//                   told to stop      SIGTERM; if it crashes: resign, then one worker that only cleans up
//                                                                                 (stopping, no_cleaner, cleaning_up)
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <variant>

#include "lib/supervisor/limits.h"
#include "lib/supervisor/liveness.h"
#include "lib/supervisor/types.h"

namespace tandem::supervisor {

struct Now {
  Time monotonic;
  std::int64_t wall;  // microseconds since 1970, for people
};

enum class WorkerSignal { terminate, interrupt, reload, reopen, exit, kill };

// ---- state

enum class Mode {
  no_worker,        // the next one starts at start_at
  configuring,      // the first worker reads its configuration: no host depends on it yet
  serving,          // a worker runs
  exiting,          // it was told to exit, because another worker replaces it
  exiting_to_stop,  // the same, then the daemon was told to stop
  stopping,         // the daemon was told to stop
  killed,           // the worker gave no sign of life
  killed_to_stop,   // the same, and the daemon was told to stop
  no_cleaner,       // the worker that only cleans up starts at start_at
  cleaning_up,      // it runs
  cleaner_killed,   // it gave no sign of life
  ended,            // the program ends with exit_status
};

// The last crashes, and the pause that follows from their number.
struct Crashes {
  std::array<Time, kCrashes> times{};  // a ring
  std::size_t next = 0;
  Time pause = 0;  // after the last one; 0: none
};

struct Watchdog {
  Time at = 0;        // when the service manager expects the next sign of life; 0: it expects none
  Time interval = 0;  // the half of what it allows
};

struct State {
  Mode mode = Mode::no_worker;
  std::int32_t pid = 0;            // of the worker
  bool served = false;             // some worker has applied a configuration
  bool restart_requested = false;  // another program is to take over
  Liveness liveness{};
  Time in_kernel_since = 0;           // when the worker was first seen to wait there, since its last heartbeat
  Time start_at = 0;                  // no_worker, no_cleaner
  Time stop_by = 0;                   // stopping, cleaning_up: killed then
  Time exit_by = 0;                   // exiting, exiting_to_stop: killed then
  std::optional<End> exits_for{};     // exiting: why, if not for a restart
  std::optional<End> killed_for{};    // killed…: why
  std::optional<End> replaced_for{};  // the end that made the present worker necessary; none: a restart, or the first
  int exit_status = 0;                // cleaning_up, ended
  Crashes crashes{};
  Watchdog watchdog{};
};

// ---- events

struct StopRequested {  // SIGTERM, SIGINT
  WorkerSignal signal;
};
struct ReloadRequested {};   // SIGHUP
struct ReopenRequested {};   // SIGUSR1
struct RestartRequested {};  // SIGUSR2
struct RestartFailed {};     // no other program took over
struct WorkerStarted {
  std::int32_t pid;
  Time start_timeout;  // Liveness::start_timeout() of what the worker before has left
};
struct StartFailed {};
struct WorkerReady {};  // it has applied its configuration, for the first time or again
struct WorkerEnded {
  bool exited;          // else by a signal
  std::int32_t number;  // exit status or signal
  bool was_ready;
};
struct TimePassed {  // also before its deadline
  Observation seen;
  Time due;  // the deadline that was waited for
};
enum class WorkerCondition { responsive, in_kernel, unresponsive };
struct WorkerExamined {
  WorkerCondition condition;
};
struct ManagementExamined {
  bool in_kernel;
};
using Event =
    std::variant<StopRequested, ReloadRequested, ReopenRequested, RestartRequested, RestartFailed, WorkerStarted,
                 StartFailed, WorkerReady, WorkerEnded, TimePassed, WorkerExamined, ManagementExamined>;

// ---- actions, in the order in which they are to be carried out

struct StartWorker {};  // answered by WorkerStarted or StartFailed
struct SignalWorker {
  WorkerSignal signal;
};
struct IsolateWorker {};      // Fence::isolate()
struct AwaitExit {};          // for a moment (kKillWait)
struct Resign {};             // Fence::resign()
struct ExamineWorker {};      // answered by WorkerExamined
struct ExamineManagement {};  // answered by ManagementExamined
struct RecordEnd {            // in the shared memory
  End end;
};
enum class Notice { stopping, reloading, running, restart_failed, watchdog };
struct Notify {  // the service manager
  Notice notice;
};
struct LeaveBackground {};  // the process that started the daemon may exit
struct ReportEnd {          // to stderr and the service manager
  End end;
  Time pause;  // until the next worker starts; 0: none
};
struct ReportKilledWhileExiting {  // to stderr
  std::int32_t pid;
};
using Action = std::variant<StartWorker, SignalWorker, IsolateWorker, AwaitExit, Resign, ExamineWorker,
                            ExamineManagement, RecordEnd, Notify, LeaveBackground, ReportEnd, ReportKilledWhileExiting>;

// A list that allocates nothing: the supervisor has to work when there is no memory.
class Actions {
 public:
  void push_back(const Action& action) { items_.at(size_++) = action; }
  const Action* begin() const { return items_.data(); }
  const Action* end() const { return items_.data() + size_; }

 private:
  std::array<Action, 8> items_{};
  std::size_t size_ = 0;
};

// ---- decisions

struct Decision {
  State next;
  Actions actions;
};

// What the supervisor finds when it starts.
struct Beginning {
  std::int32_t predecessor = 0;  // the worker of the program that this one has replaced (exec); 0: none
  bool inherited = false;        // the shared memory is of a daemon that did not end properly
  bool was_ready = false;        // and that had applied a configuration
  Time watchdog_timeout = 0;     // of the service manager; 0: none
};
Decision begin(const Beginning& beginning, Now now);

Decision decide(const State& state, const Event& event, Now now);

// When TimePassed is due.
Time deadline(const State& state);
bool has_worker(const State& state);
// Whether the worker, or the next one, only removes what another one has left.
bool is_cleaning_up(const State& state);

}  // namespace tandem::supervisor

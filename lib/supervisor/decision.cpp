// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/decision.h"

#include <algorithm>
#include <utility>

namespace tandem::supervisor {
namespace {

constexpr int kSuccess = 0;
constexpr int kFailure = 1;

constexpr Time us(milliseconds time) { return std::chrono::microseconds(time).count(); }

bool is_killed(Mode mode) {
  return mode == Mode::killed || mode == Mode::killed_to_stop || mode == Mode::cleaner_killed;
}
bool is_exiting(Mode mode) { return mode == Mode::exiting || mode == Mode::exiting_to_stop; }
// Whether the worker has until stop_by.
bool is_stopping(Mode mode) { return mode == Mode::stopping || mode == Mode::cleaning_up; }
bool is_cleaning_up(Mode mode) {
  return mode == Mode::no_cleaner || mode == Mode::cleaning_up || mode == Mode::cleaner_killed;
}

Mode after_kill(Mode mode) {
  switch (mode) {
    case Mode::stopping:
      return Mode::killed_to_stop;
    case Mode::cleaning_up:
      return Mode::cleaner_killed;
    case Mode::no_worker:
    case Mode::configuring:
    case Mode::serving:
    case Mode::exiting:
    case Mode::exiting_to_stop:
    case Mode::killed:
    case Mode::killed_to_stop:
    case Mode::no_cleaner:
    case Mode::cleaner_killed:
    case Mode::ended:
      break;
  }
  return Mode::killed;
}

// One event.
class Turn {
 public:
  Turn(const State& state, Now now) : s_(state), now_(now.monotonic), wall_(now.wall) {}
  Decision result() const { return {s_, actions_}; }

  void begin(const Beginning& beginning);
  void on(const StopRequested& event);
  void on(const ReloadRequested& event);
  void on(const ReopenRequested& event);
  void on(const RestartRequested& event);
  void on(const RestartFailed& event);
  void on(const WorkerStarted& event);
  void on(const StartFailed& event);
  void on(const WorkerReady& event);
  void on(const WorkerEnded& event);
  void on(const TimePassed& event);
  void on(const WorkerExamined& event);
  void on(const ManagementExamined& event);

 private:
  void act(const Action& action) { actions_.push_back(action); }
  void tell_worker(WorkerSignal signal) { act(SignalWorker{signal}); }
  void start_at(Time time);
  void tell_to_exit();
  void kill();
  void replace();
  void replace_after_crash(End how);
  void clean_up(int status);
  void end(int status);
  bool crashes_often();
  void report_to_watchdog();
  void kill_exiting();

  State s_;
  Actions actions_;
  Time now_;
  std::int64_t wall_;
};

// ---- starting

void Turn::begin(const Beginning& beginning) {
  s_.start_at = now_;
  if (beginning.watchdog_timeout != 0) {
    s_.watchdog = {.at = now_, .interval = beginning.watchdog_timeout / 2};
  }
  if (beginning.predecessor != 0) {  // it exits without releasing anything, and leaves its checkpoint
    s_.pid = beginning.predecessor;
    s_.served = true;
    s_.liveness.begin(now_, us(kStartTimeout));
    tell_to_exit();
  } else if (beginning.inherited) {
    s_.replaced_for = End{.cause = Cause::lost, .number = 0, .wall_time = wall_, .pid = 0, .fenced = 0};
    if (beginning.was_ready) {  // else it had no configuration to continue with
      act(RecordEnd{*s_.replaced_for});
    }
  }
}

void Turn::start_at(Time time) {
  s_.start_at = time;
  if (time <= now_) {
    act(StartWorker{});
  }
}

void Turn::on(const WorkerStarted& event) {
  if (has_worker(s_) || s_.mode == Mode::ended) {
    return;
  }
  const bool cleaner = is_cleaning_up(s_.mode);
  s_.pid = event.pid;
  s_.killed_for.reset();
  s_.in_kernel_since = 0;
  s_.liveness.begin(now_, s_.served || cleaner ? event.start_timeout : kNever);
  if (cleaner) {
    s_.liveness.told_to_stop();
    s_.mode = Mode::cleaning_up;
  } else {
    s_.mode = s_.served ? Mode::serving : Mode::configuring;
  }
}

// No memory, no process: that may pass.
void Turn::on(const StartFailed& /*event*/) { s_.start_at = now_ + us(kFirstPause); }

void Turn::on(const WorkerReady& /*event*/) {
  if (s_.mode == Mode::ended) {
    return;
  }
  s_.served = true;
  s_.liveness.ready(now_);
  if (s_.mode == Mode::configuring) {
    s_.mode = Mode::serving;
  }
  act(Notify{Notice::running});
  act(LeaveBackground{});
}

// ---- signals

void Turn::on(const StopRequested& event) {
  if (s_.mode == Mode::ended) {
    return;
  }
  act(Notify{Notice::stopping});
  s_.restart_requested = false;
  switch (s_.mode) {
    case Mode::no_worker:  // it waits after crashes
    case Mode::no_cleaner:
      return clean_up(kFailure);
    case Mode::configuring:
    case Mode::serving:
      s_.mode = Mode::stopping;
      break;
    case Mode::exiting:
      s_.mode = Mode::exiting_to_stop;
      break;
    case Mode::killed:
      s_.mode = Mode::killed_to_stop;
      break;
    case Mode::exiting_to_stop:
    case Mode::stopping:
    case Mode::killed_to_stop:
    case Mode::cleaning_up:
    case Mode::cleaner_killed:
    case Mode::ended:
      break;
  }
  s_.stop_by = now_ + us(kStopTimeout);
  s_.liveness.told_to_stop();
  tell_worker(event.signal);
}

void Turn::on(const ReloadRequested& /*event*/) {
  if (!has_worker(s_)) {
    return;
  }
  if (s_.served) {
    act(Notify{Notice::reloading});
  }
  tell_worker(WorkerSignal::reload);
}

void Turn::on(const ReopenRequested& /*event*/) {
  if (has_worker(s_)) {
    tell_worker(WorkerSignal::reopen);
  }
}

void Turn::on(const RestartRequested& /*event*/) {
  s_.restart_requested = s_.served && (s_.mode == Mode::serving || s_.mode == Mode::killed);
  if (s_.restart_requested) {
    act(Notify{Notice::reloading});
  }
}

void Turn::on(const RestartFailed& /*event*/) {
  if (std::exchange(s_.restart_requested, false)) {
    act(Notify{Notice::restart_failed});
  }
}

// ---- ends

void Turn::on(const WorkerEnded& event) {
  if (!has_worker(s_)) {
    return;
  }
  if (s_.mode == Mode::exiting) {
    return replace();
  }
  if (s_.mode == Mode::exiting_to_stop) {  // it has released nothing
    return clean_up(kSuccess);
  }
  if (!s_.served && event.was_ready) {
    on(WorkerReady{});
  }
  if (event.exited && (event.number == kSuccess || !s_.served)) {  // what was wrong at the start is on stderr
    return end(is_cleaning_up(s_.mode) ? s_.exit_status : event.number);
  }
  const End how = s_.killed_for.value_or(End{.cause = event.exited ? Cause::exited : Cause::killed,
                                             .number = event.number,
                                             .wall_time = wall_,
                                             .pid = s_.pid,
                                             .fenced = 0});
  const bool goes_on = s_.served && (s_.mode == Mode::serving || s_.mode == Mode::killed);
  if (goes_on) {
    return replace_after_crash(how);
  }
  clean_up(kFailure);
  act(ReportEnd{how, 0});
}

void Turn::replace() {
  s_.mode = Mode::no_worker;
  s_.replaced_for = std::exchange(s_.exits_for, std::nullopt);
  start_at(now_);
  if (s_.replaced_for) {
    act(ReportEnd{*s_.replaced_for, 0});
  }
}

// The next worker starts before this end is reported: readers of the report may be slow.
void Turn::replace_after_crash(End how) {
  s_.mode = Mode::no_worker;
  Time& pause = s_.crashes.pause;
  if (crashes_often()) {
    pause = pause == 0 ? us(kFirstPause) : std::min(2 * pause, us(kLongestPause));
    act(Resign{});
    how.fenced = 1;
  } else {
    pause = 0;
  }
  act(RecordEnd{how});
  s_.replaced_for = how;
  start_at(now_ + pause);
  act(ReportEnd{how, pause});
}

// Whether the last crashes, this one included, were all within the time that counts.
bool Turn::crashes_often() {
  Crashes& crashes = s_.crashes;
  crashes.times.at(crashes.next) = now_;
  crashes.next = (crashes.next + 1) % crashes.times.size();
  return std::all_of(crashes.times.begin(), crashes.times.end(),
                     [this](Time crash) { return crash != 0 && now_ - crash <= us(kCrashTime); });
}

// No other worker will continue the work of this one: the next one removes what it has left, and does nothing else.
void Turn::clean_up(int status) {
  act(Resign{});
  if (is_cleaning_up(s_.mode)) {
    return end(kFailure);
  }
  s_.mode = Mode::no_cleaner;
  s_.exit_status = status;
  s_.crashes.pause = 0;
  s_.stop_by = now_ + us(kStopTimeout);
  start_at(now_);
}

void Turn::end(int status) {
  s_.mode = Mode::ended;
  s_.exit_status = status;
}

// ---- time

void Turn::on(const TimePassed& event) {
  report_to_watchdog();
  s_.liveness.look(event.seen, now_);
  if (s_.mode == Mode::no_worker || s_.mode == Mode::no_cleaner) {
    return start_at(s_.start_at);
  }
  if (is_killed(s_.mode) || s_.mode == Mode::ended || now_ < deadline(s_)) {
    return;
  }
  if (is_exiting(s_.mode)) {
    return kill_exiting();
  }
  const bool slept = now_ - event.due > us(kOversleep);  // the machine, and with it the worker
  if (slept) {
    s_.stop_by += now_ - event.due;
    return s_.liveness.forgive(now_);
  }
  if (is_stopping(s_.mode) && now_ >= s_.stop_by) {
    return kill();
  }
  if (now_ < s_.liveness.deadline()) {
    return act(ExamineManagement{});
  }
  act(ExamineWorker{});
}

// The service manager is to restart the service when no worker can be started, or a killed one does not end. A worker
// that is silent is the supervisor's own business, and a pause after crashes is intended.
void Turn::report_to_watchdog() {
  if (s_.watchdog.at == 0 || now_ < s_.watchdog.at) {
    return;
  }
  if (has_worker(s_) ? !is_killed(s_.mode) : s_.crashes.pause != 0) {
    act(Notify{Notice::watchdog});
  }
  s_.watchdog.at = now_ + s_.watchdog.interval;
}

void Turn::kill_exiting() {
  tell_worker(WorkerSignal::kill);
  s_.exit_by = now_ + us(kExitTimeout);
  act(ReportKilledWhileExiting{s_.pid});
}

void Turn::on(const WorkerExamined& event) {
  if (!has_worker(s_) || is_killed(s_.mode) || is_exiting(s_.mode)) {
    return;
  }
  switch (event.condition) {
    case WorkerCondition::responsive:
      return s_.liveness.forgive(now_);
    case WorkerCondition::unresponsive:
      return kill();
    case WorkerCondition::in_kernel:
      if (s_.liveness.heartbeat() >= s_.in_kernel_since) {
        s_.in_kernel_since = now_;
      }
      return now_ - s_.in_kernel_since < us(kKernelTimeout) ? s_.liveness.forgive(now_) : kill();
  }
}

// After SIGKILL the worker does nothing more, except for what it has asked the kernel for already. So the fence isolates
// it at once, and again when it has ended: no action of the worker can follow the priority 0.
void Turn::kill() {
  const Liveness& liveness = s_.liveness;
  const Time silent = now_ - (s_.in_kernel_since > liveness.heartbeat() ? s_.in_kernel_since : liveness.alive());
  s_.killed_for = End{.cause = Cause::hung,
                      .number = static_cast<std::int32_t>(silent / 1000),
                      .wall_time = wall_,
                      .pid = s_.pid,
                      .fenced = 1};
  s_.mode = after_kill(s_.mode);
  tell_worker(WorkerSignal::kill);
  act(IsolateWorker{});
  act(AwaitExit{});
  act(Resign{});
}

// The protocol's thread works, and the next worker continues its work: nothing is fenced.
void Turn::on(const ManagementExamined& event) {
  if (s_.mode != Mode::serving) {
    return;
  }
  if (event.in_kernel) {  // if killed, the worker would end only when the kernel lets it, and no other could start
    return s_.liveness.forgive_management(now_ - us(kManagementTimeout) + us(kManagementRecheck));
  }
  const Time silent = now_ - s_.liveness.management_alive();
  s_.exits_for = End{.cause = Cause::management_hung,
                     .number = static_cast<std::int32_t>(silent / 1000),
                     .wall_time = wall_,
                     .pid = s_.pid,
                     .fenced = 0};
  act(RecordEnd{*s_.exits_for});
  tell_to_exit();
}

void Turn::tell_to_exit() {
  s_.mode = Mode::exiting;
  s_.exit_by = now_ + us(kExitTimeout);
  tell_worker(WorkerSignal::exit);
}

}  // namespace

Decision begin(const Beginning& beginning, Now now) {
  Turn turn(State{}, now);
  turn.begin(beginning);
  return turn.result();
}

Decision decide(const State& state, const Event& event, Now now) {
  Turn turn(state, now);
  std::visit([&turn](const auto& what) { turn.on(what); }, event);
  return turn.result();
}

Time deadline(const State& state) {
  const Time first = state.watchdog.at == 0 ? kNever : state.watchdog.at;
  if (state.mode == Mode::ended) {
    return kNever;
  }
  if (!has_worker(state)) {
    return std::min(first, state.start_at);
  }
  if (is_killed(state.mode)) {
    return first;
  }
  if (is_exiting(state.mode)) {
    return std::min(first, state.exit_by);
  }
  const Time stop_by = is_stopping(state.mode) ? state.stop_by : kNever;
  return std::min({first, stop_by, state.liveness.deadline(), state.liveness.management_deadline()});
}

bool has_worker(const State& state) {
  return state.mode != Mode::no_worker && state.mode != Mode::no_cleaner && state.mode != Mode::ended;
}

bool is_cleaning_up(const State& state) { return is_cleaning_up(state.mode); }

}  // namespace tandem::supervisor

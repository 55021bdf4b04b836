// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/supervisor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <string_view>

#include "lib/os/memory.h"
#include "lib/os/stderr.h"

namespace tandem::supervisor {
namespace {

constexpr Time us(milliseconds time) { return std::chrono::microseconds(time).count(); }

std::int64_t wall_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
}

Now now_of_both_clocks() { return {.monotonic = monotonic_microseconds(), .wall = wall_microseconds()}; }

sigset_t our_signals() {
  sigset_t ours;
  ::sigemptyset(&ours);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) {
    ::sigaddset(&ours, number);
  }
  return ours;
}

int number_of(WorkerSignal signal) {
  switch (signal) {
    case WorkerSignal::terminate:
      return SIGTERM;
    case WorkerSignal::interrupt:
      return SIGINT;
    case WorkerSignal::reload:
      return SIGHUP;
    case WorkerSignal::reopen:
      return SIGUSR1;
    case WorkerSignal::exit:
      return SIGUSR2;
    case WorkerSignal::kill:
      break;
  }
  return SIGKILL;
}

Event event_of(int signal) {
  switch (signal) {
    case SIGTERM:
      return StopRequested{WorkerSignal::terminate};
    case SIGINT:
      return StopRequested{WorkerSignal::interrupt};
    case SIGHUP:
      return ReloadRequested{};
    case SIGUSR1:
      return ReopenRequested{};
    default:
      return RestartRequested{};
  }
}

const char* words_for(Cause cause) {
  switch (cause) {
    case Cause::exited:
      return "exited with status";
    case Cause::killed:
      return "was killed by signal";
    case Cause::hung:
      return "gave no sign of life for ms:";
    case Cause::management_hung:
      return "has management without a sign of life for ms:";
    case Cause::none:
    case Cause::lost:
      break;
  }
  return "ended";
}

std::string_view text_of(const std::array<char, 384>& line, int size) {
  return {line.data(), std::min(line.size() - 1, static_cast<std::size_t>(std::max(size, 0)))};
}

}  // namespace

void Supervisor::hold_signals() {
  const sigset_t ours = our_signals();
  ::sigprocmask(SIG_BLOCK, &ours, nullptr);
}

base::Result<Supervisor> Supervisor::open(const Dependencies& dependencies) {
  Supervisor supervisor(dependencies);
  hold_signals();
  const sigset_t ours = our_signals();
  supervisor.signals_ = os::FileDescriptor(::signalfd(-1, &ours, SFD_CLOEXEC | SFD_NONBLOCK));
  supervisor.wake_ = os::FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!supervisor.signals_.is_open() || !supervisor.wake_.is_open()) {
    return base::fail_errno(errno, "cannot prepare the supervisor");
  }
  // A busy machine must not delay the start of a worker, which inherits this until it has settled in; if the system
  // allows it. Not real-time priority: that keeps the threads of a dying worker from the processor
  // (doc/decisions/0015).
  ::setpriority(PRIO_PROCESS, 0, -20);
  const Shared& shared = dependencies.shared;
  const bool inherited = dependencies.predecessor == 0 && shared.is_inherited();  // an orderly end leaves nothing
  const auto watchdog = dependencies.manager.watchdog();
  if (dependencies.predecessor != 0) {
    supervisor.worker_ = WorkerProcess::open(dependencies.predecessor);
  }
  const bool has_predecessor = supervisor.worker_.is_open();
  if (inherited) {
    std::snprintf(supervisor.last_end_.data(), supervisor.last_end_.size(), "ended without cleaning up");
  }
  supervisor.execute(begin({.predecessor = has_predecessor ? dependencies.predecessor : 0,
                            .inherited = inherited,
                            .was_ready = shared.header().ready.load() != 0,
                            .watchdog_timeout = watchdog ? watchdog->count() : 0},
                           now_of_both_clocks()));
  return supervisor;
}

Supervisor::Role Supervisor::run() {
  if (state_.restart_requested) {
    handle(RestartFailed{});
  }
  while (state_.mode != Mode::ended) {
    wait();
    if (is_worker_) {
      return Role::worker;
    }
    if (state_.restart_requested) {
      return Role::restarting;
    }
  }
  return Role::ended;
}

void Supervisor::note_ready() const {
  header().ready.store(1);
  static_cast<void>(::eventfd_write(wake_.get(), 1));
}

// ---- events

void Supervisor::handle(const Event& event) { execute(decide(state_, event, now_of_both_clocks())); }

// Not longer than the shortest timeout: meanwhile the worker may come to a state that allows it less silence.
void Supervisor::wait() {
  const Time now = monotonic_microseconds();
  // A start that is due goes before signals. If the daemon is told to end before its first worker runs, this worker
  // still starts: it removes what an earlier run has left, and its end is the daemon's.
  if (!has_worker(state_) && state_.start_at <= now) {
    return handle(TimePassed{.seen = observe(header()), .due = now});
  }
  const Time due = std::min(deadline(state_), now + us(kMinTimeout));
  std::array<pollfd, 3> sources{pollfd{signals_.get(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0},
                                pollfd{worker_.descriptor(), POLLIN, 0}};
  const Time left = std::max<Time>(0, due - now);
  const timespec timeout{left / 1'000'000, left % 1'000'000 * 1000};
  if (::ppoll(sources.data(), sources.size(), &timeout, nullptr) < 0) {
    return;
  }
  if (sources[0].revents != 0) {
    handle_signals();
  }
  if (sources[1].revents != 0 && !is_worker_) {
    handle_wake();
  }
  if (is_worker_) {
    return;
  }
  if (worker_.is_open() && sources[2].revents != 0) {
    handle_end();
  } else {
    const Observation seen = observe(header());
    handle(TimePassed{.seen = seen, .due = due});
  }
}

void Supervisor::handle_signals() {
  signalfd_siginfo what{};
  while (!is_worker_ && ::read(signals_.get(), &what, sizeof what) == static_cast<ssize_t>(sizeof what)) {
    handle(event_of(static_cast<int>(what.ssi_signo)));
  }
}

void Supervisor::handle_wake() {
  eventfd_t count = 0;
  static_cast<void>(::eventfd_read(wake_.get(), &count));
  if (header().ready.load() != 0) {
    handle(WorkerReady{});
    os::unmap_idle_code();
  }
}

void Supervisor::handle_end() {
  const WorkerProcess::Ended ended = worker_.reap();
  given_.shared.import();  // what a worker of another version has left
  handle(WorkerEnded{.exited = ended.exited, .number = ended.number, .was_ready = header().ready.load() != 0});
}

// ---- actions

// What answers an action is handled when all actions have been carried out.
void Supervisor::execute(const Decision& decision) {
  state_ = decision.next;
  Answer answer;
  for (const Action& action : decision.actions) {
    if (Answer next = std::visit([this](const auto& what) { return act(what); }, action)) {
      answer = next;
    }
    if (is_worker_) {
      return;
    }
  }
  if (answer) {
    handle(*answer);
  }
}

Supervisor::Answer Supervisor::act(const StartWorker& /*action*/) {
  const pid_t parent = ::getpid();
  Header& shared = header();
  const Time start_timeout = Liveness::start_timeout(observe(shared));
  shared.phase.store(Phase::starting);
  shared.ready.store(0);
  shared.heartbeat_timeout.store(0);
  shared.heartbeat.store(0);
  shared.management_heartbeat.store(0);
  shared.management_thread.store(0);
  shared.workers.fetch_add(1);
  const pid_t pid = ::fork();
  if (pid == 0) {
    become_worker(parent);
    return std::nullopt;
  }
  worker_ = pid < 0 ? WorkerProcess() : WorkerProcess::open(pid);
  if (!worker_.is_open()) {
    return StartFailed{};
  }
  return WorkerStarted{.pid = pid, .start_timeout = start_timeout};
}

// If the program is not started again when its supervisor dies, the worker is to stop properly. A service manager starts
// it again at once, but first kills what is left of the service, in the middle of stopping: then it is better killed.
void Supervisor::become_worker(pid_t parent) {
  is_worker_ = true;
  ::setpgid(0, 0);  // Ctrl-C is for the supervisor, which tells the worker
  const int with_parent = given_.manager.is_there() ? SIGKILL : SIGTERM;
  ::prctl(PR_SET_PDEATHSIG, with_parent);
  if (::getppid() != parent) {
    ::raise(with_parent);  // SIGTERM is blocked: taken when a thread waits for it
  }
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "%s-worker", given_.program);
  ::prctl(PR_SET_NAME, name.data());
  signals_.reset();
}

Supervisor::Answer Supervisor::act(const SignalWorker& action) {
  worker_.signal(number_of(action.signal));
  return std::nullopt;
}

Supervisor::Answer Supervisor::act(const IsolateWorker& /*action*/) {
  given_.fence.isolate(given_.shared);
  return std::nullopt;
}

Supervisor::Answer Supervisor::act(const AwaitExit& /*action*/) {
  worker_.await_exit(kKillWait);
  return std::nullopt;
}

Supervisor::Answer Supervisor::act(const Resign& /*action*/) {
  given_.fence.resign(given_.shared);
  header().fenced.store(1);
  header().fences.fetch_add(1);
  return std::nullopt;
}

// Whether there is one that state_ does not know yet.
bool Supervisor::sends_heartbeats() const {
  Liveness liveness = state_.liveness;
  liveness.look(observe(header()), monotonic_microseconds());
  return liveness.heartbeat() != state_.liveness.heartbeat();
}

// A worker that runs may be in an endless loop, or on its way from one wait for the kernel to the next.
Supervisor::Answer Supervisor::act(const ExamineWorker& /*action*/) {
  ProcessState state = worker_.state();
  for (auto left = kExamineTime;
       state == ProcessState::running && left > kExamineStep && !worker_.await_exit(kExamineStep);
       left -= kExamineStep) {
    if (sends_heartbeats()) {
      return WorkerExamined{WorkerCondition::responsive};
    }
    state = worker_.state();
  }
  return WorkerExamined{state == ProcessState::in_kernel ? WorkerCondition::in_kernel : WorkerCondition::unresponsive};
}

Supervisor::Answer Supervisor::act(const ExamineManagement& /*action*/) {
  const pid_t thread = header().management_thread.load();
  return ManagementExamined{.in_kernel = worker_.state_of_thread(thread) == ProcessState::in_kernel};
}

Supervisor::Answer Supervisor::act(const RecordEnd& action) {
  header().last_end.write(action.end);
  return std::nullopt;
}

Supervisor::Answer Supervisor::act(const Notify& action) {
  std::array<char, 384> line{};
  switch (action.notice) {
    case Notice::stopping:
      given_.manager.tell("STOPPING=1");
      break;
    case Notice::restart_failed:
      given_.manager.tell("READY=1");
      break;
    case Notice::watchdog:
      given_.manager.tell("WATCHDOG=1");
      break;
    case Notice::reloading:  // until the next READY=1, of this worker or of the next
      given_.manager.tell(text_of(line, std::snprintf(line.data(), line.size(), "RELOADING=1\nMONOTONIC_USEC=%lld",
                                                      static_cast<long long>(monotonic_microseconds()))));
      break;
    case Notice::running:  // what went wrong before stays to be read
      given_.manager.tell(
          text_of(line, std::snprintf(line.data(), line.size(), "READY=1\nSTATUS=Running%s%s",
                                      last_end_.front() == '\0' ? "" : "; before: ", last_end_.data())));
      break;
  }
  return std::nullopt;
}

Supervisor::Answer Supervisor::act(const LeaveBackground& /*action*/) {
  if (given_.background) {
    given_.background->leave();
    given_.background.reset();
  }
  return std::nullopt;
}

// The next worker writes it into the log, too.
Supervisor::Answer Supervisor::act(const ReportEnd& action) {
  const End& end = action.end;
  std::snprintf(last_end_.data(), last_end_.size(), "worker %d %s %d%s%s", end.pid, words_for(end.cause), end.number,
                end.fenced != 0 ? "; " : "", end.fenced != 0 ? given_.fence.outcome() : "");
  std::array<char, 384> line{};
  int size = std::snprintf(line.data(), line.size(), "STATUS=%s", last_end_.data());
  if (action.pause != 0) {
    size = std::snprintf(line.data(), line.size(), "STATUS=%s; the next worker starts in %lld s", last_end_.data(),
                         static_cast<long long>(action.pause / 1'000'000));
  }
  given_.manager.tell(text_of(line, size));
  os::say(text_of(line, std::snprintf(line.data(), line.size(), "%s: %s\n", given_.program, last_end_.data())));
  return std::nullopt;
}

Supervisor::Answer Supervisor::act(const ReportKilledWhileExiting& action) {
  std::array<char, 384> line{};
  os::say(text_of(line, std::snprintf(line.data(), line.size(), "%s: worker %d did not exit in time\n", given_.program,
                                      action.pid)));
  return std::nullopt;
}

}  // namespace tandem::supervisor

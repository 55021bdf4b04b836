// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "lib/os/memory.h"
#include "lib/os/stderr.h"

namespace tandem::supervisor {
namespace {

constexpr int kExitFailure = EXIT_FAILURE;

constexpr std::int64_t microseconds(milliseconds time) { return std::chrono::microseconds(time).count(); }

// g++ 12's C library has no wrappers for these.
int pidfd_open(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }
os::FileDescriptor stat_open(pid_t pid) {
  std::array<char, 32> path{};
  std::snprintf(path.data(), path.size(), "/proc/%d/stat", pid);
  return os::FileDescriptor(::open(path.data(), O_RDONLY | O_CLOEXEC));
}
// 0: it could not be read.
char state_in(const os::FileDescriptor& file) {
  std::array<char, 512> text{};
  const ssize_t size = file.is_open() ? ::pread(file.get(), text.data(), text.size(), 0) : 0;
  const std::string_view stat(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  const std::size_t state = stat.rfind(") ");  // after the name, which may have any character
  return state == std::string_view::npos || state + 2 >= stat.size() ? '\0' : stat[state + 2];
}
int pidfd_signal(int worker, int number) {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, worker, number, nullptr, 0));
}

sigset_t our_signals() {
  sigset_t ours;
  ::sigemptyset(&ours);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) {
    ::sigaddset(&ours, number);
  }
  return ours;
}

std::int64_t wall_microseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
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
  // A busy machine must not hold up the start of a worker, which inherits this until it has settled in; if the system
  // allows it. Not real-time priority: that keeps the threads of a dying worker from the processor
  // (doc/decisions/0015).
  ::setpriority(PRIO_PROCESS, 0, -20);
  if (supervisor.parts_.predecessor != 0) {
    supervisor.relieve(supervisor.parts_.predecessor);
  } else if (supervisor.parts_.shared.is_inherited()) {  // an orderly end leaves nothing
    std::snprintf(supervisor.last_end_.data(), supervisor.last_end_.size(), "ended without cleaning up");
    supervisor.after_ = End{.cause = Cause::lost, .number = 0, .wall_time = wall_microseconds(), .pid = 0, .fenced = 0};
    if (supervisor.header().ready.load() != 0) {  // else it had no configuration to go on with
      supervisor.header().last_end.write(*supervisor.after_);
    }
  }
  if (supervisor.parts_.manager.watchdog()) {
    supervisor.watchdog_at_ = monotonic_microseconds();
  }
  return supervisor;
}

Supervisor::Role Supervisor::run() {
  if (restart_) {
    parts_.manager.tell("READY=1");  // there was no other program
  }
  restart_ = false;
  start_at_ = monotonic_microseconds();
  while (!status_) {
    if (restart_) {
      note_reloading();
      return Role::restarting;
    }
    const Time now = monotonic_microseconds();
    if (!worker_.is_open() && now >= start_at_) {
      if (start_worker() == Became::worker) {
        return Role::worker;
      }
      continue;
    }
    report_unreported();
    wait();
  }
  report_unreported();
  return Role::ended;
}

// It goes without abdicating, and leaves its checkpoint.
void Supervisor::relieve(pid_t predecessor) {
  pid_ = predecessor;
  worker_ = os::FileDescriptor(pidfd_open(predecessor));
  served_ = true;
  const Time now = monotonic_microseconds();
  signs_.begin(now, microseconds(kStartPatience));
  leave_by_ = now + microseconds(kLeavePatience);
  pidfd_signal(worker_.get(), SIGUSR2);
}

void Supervisor::note_ready() const {
  header().ready.store(1);
  static_cast<void>(::eventfd_write(wake_.get(), 1));
}

// Until the next READY=1: of this worker, or of the next.
void Supervisor::note_reloading() const {
  std::array<char, 64> text{};
  const int size = std::snprintf(text.data(), text.size(), "RELOADING=1\nMONOTONIC_USEC=%lld",
                                 static_cast<long long>(monotonic_microseconds()));
  parts_.manager.tell({text.data(), static_cast<std::size_t>(size)});
}

// The service manager is to help where we cannot: when no worker can be started, or a killed one does not end. One that
// is silent is our own affair, and a pause after crashes is meant.
bool Supervisor::makes_progress() const { return worker_.is_open() ? killed_for_.cause == Cause::none : pause_ != 0; }

// ---- starting

Supervisor::Became Supervisor::start_worker() {
  const pid_t parent = ::getpid();
  const Time start_patience = served_ || cleans_up() ? SignsOfLife::start_patience(header()) : kNever;
  killed_for_ = {};
  header().phase.store(Phase::starting);
  header().ready.store(0);
  header().patience.store(0);
  header().beat.store(0);
  header().management_beat.store(0);
  header().management_thread.store(0);
  header().workers.fetch_add(1);
  const Time now = monotonic_microseconds();
  signs_.begin(now, start_patience);
  if (cleans_up_) {
    signs_.told_to_stop();
  }
  pid_ = ::fork();
  if (pid_ == 0) {
    become_worker(parent);
    return Became::worker;
  }
  worker_ = os::FileDescriptor(pid_ < 0 ? -1 : pidfd_open(pid_));
  stat_ = stat_open(pid_);
  if (!worker_.is_open()) {  // no memory, no process: it may pass
    start_at_ = now + microseconds(kFirstPause);
  }
  return Became::supervisor;
}

// If vrrpd is not started again when its supervisor dies, the worker abdicates. A service manager does so at once, but
// kills what is left of the service before, in the middle of abdicating: better not to begin with that.
void Supervisor::become_worker(pid_t parent) {
  ::setpgid(0, 0);  // Ctrl-C is for the supervisor, which tells us
  const int with_parent = parts_.manager.is_there() ? SIGKILL : SIGTERM;
  ::prctl(PR_SET_PDEATHSIG, with_parent);
  if (::getppid() != parent) {
    ::raise(with_parent);  // SIGTERM is blocked: taken when a thread waits for it
  }
  std::array<char, 16> name{};
  std::snprintf(name.data(), name.size(), "%s-worker", parts_.program);
  ::prctl(PR_SET_NAME, name.data());
  signals_.reset();
  stat_.reset();
}

// ---- waiting

void Supervisor::look() { signs_.look(header(), monotonic_microseconds()); }

Supervisor::Time Supervisor::deadline() const {
  Time first = watchdog_at_ == 0 ? kNever : watchdog_at_;
  if (!worker_.is_open()) {
    return std::min(first, start_at_);
  }
  if (killed_for_.cause != Cause::none) {
    return first;  // dying
  }
  if (leave_by_ != 0) {
    return std::min(first, leave_by_);
  }
  if (stop_by_ != 0) {
    first = std::min(first, stop_by_);
  }
  return std::min({first, signs_.deadline(), signs_.management_deadline()});
}

// Never for longer than the shortest patience: meanwhile the worker may come to a state that allows it less silence.
void Supervisor::wait() {
  look();
  const Time now = monotonic_microseconds();
  due_ = std::min(deadline(), now + microseconds(kMinPatience));
  std::array<pollfd, 3> sources{pollfd{signals_.get(), POLLIN, 0}, pollfd{wake_.get(), POLLIN, 0},
                                pollfd{worker_.get(), POLLIN, 0}};
  const Time left = std::max<Time>(0, due_ - now);
  const timespec timeout{left / 1'000'000, left % 1'000'000 * 1000};
  const int ready = ::ppoll(sources.data(), sources.size(), &timeout, nullptr);
  if (ready < 0) {
    return;
  }
  if (sources[0].revents != 0) {
    on_signal();
  }
  if (sources[1].revents != 0) {
    on_wake();
  }
  if (worker_.is_open() && sources[2].revents != 0) {
    on_end();
  } else if (monotonic_microseconds() >= due_) {
    on_deadline(monotonic_microseconds());
  }
}

void Supervisor::on_signal() {
  signalfd_siginfo what{};
  while (::read(signals_.get(), &what, sizeof what) == static_cast<ssize_t>(sizeof what)) {
    const int number = static_cast<int>(what.ssi_signo);
    const bool end = number == SIGTERM || number == SIGINT;
    if (end) {
      parts_.manager.tell("STOPPING=1");
      stop_by_ = monotonic_microseconds() + microseconds(kStopPatience);
      signs_.told_to_stop();
      restart_ = false;
    }
    if (number == SIGHUP && served_ && worker_.is_open()) {
      note_reloading();
    }
    if (number == SIGUSR2) {
      restart_ = worker_.is_open() && served_ && leave_by_ == 0 && stop_by_ == 0;
    } else if (worker_.is_open()) {
      pidfd_signal(worker_.get(), number);
    } else if (end) {
      clean_up(kExitFailure);  // it waits after crashes
    }
  }
}

void Supervisor::on_wake() {
  eventfd_t count = 0;
  static_cast<void>(::eventfd_read(wake_.get(), &count));
  if (header().ready.load() == 0) {
    return;
  }
  served_ = true;
  signs_.ready(monotonic_microseconds());
  note_running();
  if (parts_.background) {
    parts_.background->leave();
    parts_.background.reset();
  }
  os::unmap_idle_code();
}

// ---- ends

void Supervisor::on_end() {
  siginfo_t info{};
  static_cast<void>(::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED));
  worker_.reset();
  parts_.shared.import();  // what another version's worker has left
  if (leave_by_ != 0 && stop_by_ == 0) {
    leave_by_ = 0;
    after_ = std::exchange(leaves_for_, std::nullopt);
    unreported_ = after_;
    start_at_ = monotonic_microseconds();
    return;
  }
  const bool exited = info.si_code == CLD_EXITED;
  if (!served_ && header().ready.load() != 0) {
    on_wake();
  }
  End end = killed_for_;
  if (end.cause == Cause::none) {
    end = {.cause = exited ? Cause::exited : Cause::killed,
           .number = info.si_status,
           .wall_time = wall_microseconds(),
           .pid = pid_,
           .fenced = 0};
  }
  const bool left = leave_by_ != 0;  // told to end while it made room: it has given nothing up
  if (exited && (info.si_status == EXIT_SUCCESS || !served_) && !left) {
    return finish(cleans_up_.value_or(info.si_status));  // what was wrong at the start is on stderr
  }
  if (!served_ || stop_by_ != 0) {
    if (!left) {
      unreported_ = end;
    }
    return clean_up(left ? EXIT_SUCCESS : kExitFailure);
  }
  replace_after_crash(end);
}

void Supervisor::fence() {
  parts_.fence.resign(parts_.shared);
  header().fenced.store(1);
  header().fences.fetch_add(1);
}

// There will be no other worker to go on with what this one has left: one removes it, and does nothing else.
void Supervisor::clean_up(int status) {
  fence();
  if (cleans_up_) {
    return finish(kExitFailure);
  }
  cleans_up_ = status;
  leave_by_ = 0;
  pause_ = 0;
  start_at_ = monotonic_microseconds();
  stop_by_ = start_at_ + microseconds(kStopPatience);
}

void Supervisor::replace_after_crash(const End& original) {
  End end = original;
  const Time now = monotonic_microseconds();
  const bool often = count_crash(now) >= kCrashes;
  start_at_ = now;
  if (often) {
    pause_ = pause_ == 0 ? microseconds(kFirstPause) : std::min(2 * pause_, microseconds(kLongestPause));
    start_at_ += pause_;
    fence();
    end.fenced = 1;
  } else {
    pause_ = 0;
  }
  header().last_end.write(end);
  after_ = end;
  unreported_ = end;
}

// How many of the last crashes, this one included, were within the time that counts.
std::size_t Supervisor::count_crash(Time now) {
  crashes_.at(next_crash_) = now;
  next_crash_ = (next_crash_ + 1) % crashes_.size();
  return static_cast<std::size_t>(std::count_if(crashes_.begin(), crashes_.end(), [now](Time crash) {
    return crash != 0 && now - crash <= microseconds(kCrashTime);
  }));
}

void Supervisor::on_deadline(Time now) {
  if (watchdog_at_ != 0 && now >= watchdog_at_) {
    if (makes_progress()) {
      parts_.manager.tell("WATCHDOG=1");
    }
    watchdog_at_ = now + parts_.manager.watchdog()->count() / 2;
  }
  look();
  if (!worker_.is_open() || killed_for_.cause != Cause::none || now < deadline()) {
    return;
  }
  if (leave_by_ != 0) {
    pidfd_signal(worker_.get(), SIGKILL);
    leave_by_ = now + microseconds(kLeavePatience);
    killed_leaving_ = pid_;
    return;
  }
  const bool were_asleep_ourselves = now - due_ > microseconds(kLateness);
  if (were_asleep_ourselves) {
    signs_.forgive(now);
    return;
  }
  if (stop_by_ != 0 && now >= stop_by_) {
    return replace_silent(now);
  }
  if (now < signs_.deadline()) {
    return replace_without_management(now);
  }
  if (waits_for_kernel(now)) {
    signs_.forgive(now);
    return;
  }
  replace_silent(now);
}

// Its virtual routers are well, and the next one goes on with them: nothing is fenced.
void Supervisor::replace_without_management(Time now) {
  if (state_of_management() == 'D') {  // killed, it would end only when the kernel lets it, and no other could start
    signs_.forgive_management(now - microseconds(kManagementPatience) + microseconds(kManagementLook));
    return;
  }
  leaves_for_ = End{.cause = Cause::management_hung,
                    .number = static_cast<std::int32_t>((now - signs_.management_alive()) / 1000),
                    .wall_time = wall_microseconds(),
                    .pid = pid_,
                    .fenced = 0};
  header().last_end.write(*leaves_for_);
  leave_by_ = now + microseconds(kLeavePatience);
  pidfd_signal(worker_.get(), SIGUSR2);
}

// It does nothing any more once the signal is sent, but for what it has asked the kernel for already. So all that it
// had is taken away at once, and again when it has ended: nothing of it can come after the priority 0.
void Supervisor::replace_silent(Time now) {
  const Time silent = now - (in_kernel_since_ > signs_.beat() ? in_kernel_since_ : signs_.alive());
  killed_for_ = {.cause = Cause::hung,
                 .number = static_cast<std::int32_t>(silent / 1000),
                 .wall_time = wall_microseconds(),
                 .pid = pid_,
                 .fenced = 1};
  pidfd_signal(worker_.get(), SIGKILL);
  parts_.fence.isolate(parts_.shared);
  await_end(kKillWait.count());
  fence();
}

// Its first thread, whose signs of life we look for: D, it cannot be interrupted in the kernel; R, it runs, or waits
// for a processor; T, it was stopped (proc(5)). 0: it could not be read.
char Supervisor::state_of_worker() const { return state_in(stat_); }

char Supervisor::state_of_management() const {
  std::array<char, 64> path{};
  std::snprintf(path.data(), path.size(), "/proc/%d/task/%d/stat", pid_, header().management_thread.load());
  return state_in(os::FileDescriptor(::open(path.data(), O_RDONLY | O_CLOEXEC)));
}

// One that runs may be in an endless loop, or on its way from one wait for the kernel to the next.
bool Supervisor::waits_for_kernel(Time now) {
  const Time beat = signs_.beat();
  char state = state_of_worker();
  for (auto doubt = kDoubt; state == 'R' && doubt > kLook && !await_end(kLook.count()); doubt -= kLook) {
    look();
    if (signs_.beat() != beat) {
      return true;  // it did wait, and is back
    }
    state = state_of_worker();
  }
  if (state != 'D') {
    return false;
  }
  if (beat >= in_kernel_since_) {
    in_kernel_since_ = now;
  }
  return now - in_kernel_since_ < microseconds(kKernelPatience);
}

bool Supervisor::await_end(std::int64_t at_most) const {
  pollfd worker{worker_.get(), POLLIN, 0};
  return ::poll(&worker, 1, static_cast<int>(at_most)) > 0;
}

// On stderr, and to the service manager; the next worker writes it into the log. Only when everything has been done
// that the end makes necessary: no reader of these lines may hold that up.
void Supervisor::report_unreported() {
  if (const pid_t killed = std::exchange(killed_leaving_, 0); killed != 0) {
    std::array<char, 128> line{};
    const int size =
        std::snprintf(line.data(), line.size(), "%s: worker %d did not make room in time\n", parts_.program, killed);
    os::say({line.data(), static_cast<std::size_t>(size)});
  }
  if (!unreported_) {
    return;
  }
  const End end = *std::exchange(unreported_, std::nullopt);
  static constexpr std::array<const char*, 6> kWhat{"ended",
                                                    "exited with status",
                                                    "was killed by signal",
                                                    "gave no sign of life for ms:",
                                                    "ended",
                                                    "has management without a sign of life for ms:"};
  std::snprintf(last_end_.data(), last_end_.size(), "worker %d %s %d%s%s", end.pid,
                kWhat.at(static_cast<std::size_t>(end.cause)), end.number, end.fenced != 0 ? "; " : "",
                end.fenced != 0 ? parts_.fence.outcome() : "");
  std::array<char, 384> line{};
  if (pause_ != 0 && stop_by_ == 0) {
    std::snprintf(line.data(), line.size(), "STATUS=%s; the next worker starts in %lld s", last_end_.data(),
                  static_cast<long long>(pause_ / 1'000'000));
  } else {
    std::snprintf(line.data(), line.size(), "STATUS=%s", last_end_.data());
  }
  parts_.manager.tell(line.data());
  const int size = std::snprintf(line.data(), line.size(), "%s: %s\n", parts_.program, last_end_.data());
  os::say({line.data(), static_cast<std::size_t>(size)});
}

// What went wrong before stays to be read.
void Supervisor::note_running() const {
  std::array<char, 384> line{};
  const bool well = last_end_.front() == '\0';
  std::snprintf(line.data(), line.size(), "READY=1\nSTATUS=Running%s%s", well ? "" : "; before: ", last_end_.data());
  parts_.manager.tell(line.data());
}

}  // namespace tandem::supervisor

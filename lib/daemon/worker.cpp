// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/worker.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "lib/daemon/limits.h"
#include "lib/daemon/messages.h"
#include "lib/daemon/worker_log.h"
#include "lib/event/thread.h"
#include "lib/os/memory.h"
#include "lib/os/paths.h"
#include "lib/os/privileges.h"
#include "lib/os/scheduling.h"
#include "lib/os/stderr.h"

namespace tandem::daemon {
namespace {

// SIG_BLOCK: signals wait; SIG_UNBLOCK: they are taken, by what has been set up for that.
void set_signals(int how) {
  sigset_t ours;
  ::sigemptyset(&ours);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) {
    ::sigaddset(&ours, number);
  }
  ::pthread_sigmask(how, &ours, nullptr);
}

// Everything that a running worker owns, in the order in which it is made.
class Worker : public Frame {
 public:
  Worker(const Description& description, const Options& options, const WorkerContext& context)
      : options_(options), context_(context), work_(description.make_work(*this)) {}

  const Options& options() const override { return options_; }
  const WorkerContext& context() const override { return context_; }
  event::Loop& loop() override { return loop_; }
  event::Loop& management_loop() override { return management_loop_; }
  log::Logger& loop_logger() override { return log_.loop_logger(); }
  log::Logger& logger() override { return log_.logger(); }
  const log::Ring& last_lines() const override { return log_.last_lines(); }
  const log::Backlog& log_backlog() const override { return log_.backlog(); }
  int log_handle() const override { return log_.handle_of_option(); }
  void on_management(event::Handler handler) override;

  base::Result<> run();

 private:
  base::Result<> open_log();
  void warn_if_not_saveable();
  base::Result<> restrict_calls();
  base::Result<> start();
  base::Result<> run_loops();
  base::Result<> configure();
  event::Handler stop_on(int signal, event::Timer& give_up);
  void send_management_heartbeats();
  [[noreturn]] void end_without_management();
  [[noreturn]] void exit_to_be_replaced();
  void close();

  const Options& options_;
  const WorkerContext& context_;
  event::Loop loop_;
  event::Loop management_loop_;
  event::Timer management_heartbeat_{management_loop_, [this] { send_management_heartbeats(); }};
  WorkerLog log_{loop_, management_loop_};
  std::optional<os::RefusedCalls> refused_calls_;
  std::optional<event::Watch> refused_calls_watch_;
  bool told_to_stop_ = false;
  bool exits_ = false;  // another worker takes over: nothing is released
  bool ended_ = false;  // the management thread has ended: of what it had to do only log lines are still written
  std::unique_ptr<Work> work_;
};

void Worker::on_management(event::Handler handler) {
  management_loop_.post([this, handler = std::move(handler)] {
    if (!ended_) {
      handler();
    }
  });
}

// ---- the log

base::Result<> Worker::open_log() {
  using WithoutFile = WorkerLog::WithoutFile;
  TANDEM_TRY(log_.open(options_, work_->continues() ? WithoutFile::uses_standard_error : WithoutFile::fails));
  if (!options_.why_root.empty()) {
    logger().write<kStaysRoot>(os::kServiceUser, options_.why_root);
  }
  warn_if_not_saveable();
  return {};
}

// `write` will fail. At the start, because it may be needed in a hurry.
void Worker::warn_if_not_saveable() {
  const std::string directory = std::filesystem::path(options_.config_file).parent_path().string();
  if (options_.account.user.empty()) {
    return;
  }
  const auto writable = os::check_writable(directory.empty() ? "." : directory, options_.account);
  if (!writable && writable.error().code == EACCES) {
    logger().write<kNotSaveable>(options_.config_file, options_.account.user, options_.program, directory);
  }
}

// ---- starting

// A daemon that works without restrictions is better than none.
base::Result<> Worker::restrict_calls() {
  std::string why = !context_.filter ? "--no-seccomp" : os::reason_for_no_filter();
  if (why.empty()) {
    auto refused = TANDEM_TRY(os::RefusedCalls::watch());
    refused_calls_.emplace(std::move(refused));
    refused_calls_watch_.emplace(management_loop_, refused_calls_->descriptor(), event::Watch::For::reading, [this] {
      for (const auto& call : refused_calls_->take()) {
        logger().write<kCallRefused>(call.name, call.number, options_.program);
      }
    });
    const auto installed = context_.filter->install();
    why = installed ? "" : installed.error().message;
  }
  if (!why.empty()) {
    loop_logger().write<kCallsNotRestricted>(why);
  }
  return {};
}

base::Result<> Worker::start() {
  TANDEM_TRY(open_log());
  if (context_.clean_up) {
    logger().write<kCleansUp>();
  }
  return work_->open();
}

// On the management thread.
base::Result<> Worker::configure() {
  if (!work_->has_management()) {
    TANDEM_TRY(work_->open_management());
  }
  return work_->load_configuration();
}

// From now on, while management's loop runs.
void Worker::send_management_heartbeats() {
  work_->checkpoint().management_alive();
  management_heartbeat_.set(event::monotonic_now() + supervisor::kManagementHeartbeat);
}

// ---- running

event::Handler Worker::stop_on(int signal, event::Timer& give_up) {
  return [this, signal, &give_up] {
    told_to_stop_ = true;
    exits_ = false;
    give_up.set(event::monotonic_now() + kManagementStopTimeout);
    loop_logger().write<kStopping>(signal);
    management_loop_.stop();
  };
}

// Runs until a signal ends it, or, with that error, the startup file. The first loop goes on until management has ended,
// which may be waiting for it.
base::Result<> Worker::run_loops() {
  base::Result<> result;
  event::Timer give_up(loop_, [this] { end_without_management(); });
  const event::SignalWatch terminate(loop_, SIGTERM, stop_on(SIGTERM, give_up));
  const event::SignalWatch interrupt(loop_, SIGINT, stop_on(SIGINT, give_up));
  const event::SignalWatch hang_up(loop_, SIGHUP, [this] {
    on_management([this] {
      if (work_->has_management()) {
        work_->reload();
      }
    });
    management_loop_.post([this] { loop_.post(context_.on_ready); });
  });
  const event::SignalWatch exit(loop_, SIGUSR2, [this] {
    exits_ = !told_to_stop_;
    management_loop_.stop();
  });
  const event::SignalWatch rotate(loop_, SIGUSR1, [this] { management_loop_.post([this] { logger().reopen(); }); });
  on_management([this, &result] {
    send_management_heartbeats();
    result = configure();
    if (result) {
      os::unmap_idle_code();
      loop_.post(context_.on_ready);
    } else {
      management_loop_.stop();
    }
  });
  if (context_.shared != nullptr) {
    loop_.post([this] { work_->start_heartbeats(); });
  }
  const event::Thread management("management", management_loop_, [this] { loop_.stop(); });
  set_signals(SIG_UNBLOCK);
  loop_.run();
  set_signals(SIG_BLOCK);  // the watches end, and with them what has been set up
  return result;
}

// ---- the end

// It was told to stop, and management hangs: everything is released all the same.
void Worker::end_without_management() {
  work_->checkpoint().stopping();
  work_->stop();
  work_->checkpoint().clear();
  os::say(fmt::format("{}: management did not end in time; what it was doing is lost\n", options_.program));
  ::_exit(EXIT_FAILURE);
}

// The next worker is waiting: what the kernel can clean up is left to it. No command of a session is carried out any
// more: it would wait for the first loop, which has ended.
void Worker::exit_to_be_replaced() {
  ended_ = true;
  management_loop_.run_posted();  // the last lines of the log
  logger().flush(kLastLinesTimeout);
  ::_exit(EXIT_SUCCESS);
}

// Releases everything, what a crashed run left included. All on one thread now.
void Worker::close() {
  ended_ = true;
  work_->checkpoint().stopping();
  work_->close_management();
  work_->stop();
  work_->checkpoint().clear();    // the next worker must not continue with that
  management_loop_.run_posted();  // the last lines of the log
}

base::Result<> Worker::run() {
  set_signals(SIG_BLOCK);
  // Before anything else: a worker that continues for one that died is late already.
  os::enable_priority();  // a privilege that a supervisor may keep for its workers, and they then give up
  const base::Result<> first = os::run_before_others(kLongestTurn);
  base::Result<> ended = os::drop_privileges(options_.account, os::Keep::network);  // before there are other threads
  if (ended) {
    ended = start();
  }
  if (!first) {
    loop_logger().write<kOrdinaryPriority>(first.error().message);
  }
  if (context_.clean_up) {
    close();
    return ended;
  }
  if (ended && !work_->continues()) {
    ended = work_->open_management();
  }
  if (ended) {
    ended = restrict_calls();
  }
  if (ended) {
    ended = run_loops();
  }
  if (exits_) {
    exit_to_be_replaced();
  }
  close();
  return ended;
}

}  // namespace

base::Result<> work(const Description& description, const Options& options, const WorkerContext& context) {
  os::merge_freed_memory_at_once();
  return Worker(description, options, context).run();
}

}  // namespace tandem::daemon

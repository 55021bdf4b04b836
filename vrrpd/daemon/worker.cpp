// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/worker.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>

#include "lib/event/thread.h"
#include "lib/log/relay.h"
#include "lib/os/memory.h"
#include "lib/os/paths.h"
#include "lib/os/privileges.h"
#include "lib/os/scheduling.h"
#include "lib/os/sinks.h"
#include "lib/os/stderr.h"
#include "vrrpd/daemon/daemon.h"
#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/messages.h"
#include "vrrpd/daemon/schema.h"

namespace tandem::vrrpd::daemon {
namespace {

struct Parts;
void give_signs_of_management(Parts& parts);

// Everything that a running daemon owns, in the order in which it is made. The program's own thread runs the protocol's
// loop, a second one management's. The sinks of the log belong to management too: no thread waits for a disk.
struct Parts {
  explicit Parts(const WorkerSurroundings& s) : surroundings(s), checkpoint(s.shared) {}

  const WorkerSurroundings& surroundings;
  Checkpoint checkpoint;
  event::Loop loop;
  event::Loop management_loop;
  event::Timer management_beat{management_loop, [this] { give_signs_of_management(*this); }};
  log::Ring last_lines{kLogLinesKept};
  log::Logger logger;  // of management
  log::Logger protocol_logger;
  log::Backlog log_backlog;  // from the second to the first
  int log_handle = 0;        // of the sink that option --log names
  std::unique_ptr<yang::Context> context;
  std::optional<filter::Filter> filter;
  std::unique_ptr<Runtime> runtime;
  std::unique_ptr<Daemon> daemon;
  std::optional<os::RefusedCalls> refused_calls;
  std::optional<event::Watch> refused_calls_watch;
  bool told_to_end = false;
  bool leaving = false;  // another worker takes over: nothing is given up
  bool ended =
      false;  // management's thread has ended: what it had still to do is left undone, but for lines of the log
};

void connect_loggers(Parts& parts) {
  const auto deliver = [&parts](log::OwnedRecord record) {
    const std::size_t size = log::Backlog::size_of(record);
    if (!parts.log_backlog.reserve(size)) {
      return;
    }
    const std::uint64_t missed = parts.log_backlog.take_missed();
    parts.management_loop.post([&parts, record = std::move(record), when = event::wall_now(), size, missed] {
      parts.log_backlog.release(size);
      if (missed != 0) {
        parts.logger.write<kRecordsDropped>(missed);
      }
      parts.logger.emit({record.level, record.id, record.text, when});
    });
  };
  const int relay = parts.protocol_logger.add(std::make_unique<log::Relay>(deliver), log::Level::informational);
  parts.logger.on_verbosity([&parts, relay](log::Level level) {
    parts.loop.post([&parts, relay, level] { parts.protocol_logger.set_threshold(relay, level); });
  });
}

// Runs it on management's thread, if the daemon is there by then and has not ended.
void with_daemon(Parts& parts, void (*use)(Daemon&)) {
  parts.management_loop.post([&parts, use] {
    if (parts.daemon != nullptr && !parts.ended) {
      use(*parts.daemon);
    }
  });
}

void log_start(Parts& parts) {
  const auto& end = parts.surroundings.after;
  if (!end) {
    return;
  }
  if (end->cause == supervisor::Cause::lost) {
    parts.logger.write<kStartedAgain>();
  } else {
    parts.logger.write<kWorkerReplaced>(supervisor::to_string(*end),
                                        end->fenced != 0 ? "had resigned, and begin anew" : "go on");
  }
}

// What the virtual routers need. They go on from here, if there is something to go on with.
// `write` will fail. At the start, because it may be needed in a hurry.
void warn_if_not_saved(Parts& parts, const Options& options) {
  const std::string directory = std::filesystem::path(options.config_file).parent_path().string();
  if (options.account.user.empty()) {
    return;
  }
  const auto writable = os::check_writable(directory.empty() ? "." : directory, options.account);
  if (!writable && writable.error().code == EACCES) {
    parts.logger.write<kNotSaveable>(options.config_file, options.account.user, directory);
  }
}

base::Result<> open_protocol(Parts& parts, const Options& options) {
  auto sink = os::open_sink(options.log_target, kProgram);
  if (!sink && !parts.checkpoint.configuration()) {  // else there are virtual routers to go on with
    return base::Unexpected<base::Error>(sink.error());
  }
  connect_loggers(parts);
  parts.log_handle = parts.logger.add(
      sink ? std::move(*sink) : os::make_stream_sink(os::Stream::standard_error, kProgram), options.log_level);
  parts.logger.add(os::make_ring_sink(parts.last_lines, kProgram), log::Level::informational);
  if (!sink) {
    parts.logger.write<kLogFileNotOpened>(sink.error().message);
  }
  log_start(parts);
  if (!options.why_root.empty()) {
    parts.logger.write<kStaysRoot>(os::kServiceUser, options.why_root);
  }
  warn_if_not_saved(parts, options);
  parts.runtime = TANDEM_TRY(Runtime::open(parts.loop, parts.protocol_logger, parts.checkpoint,
                                           {.devices = {.state_directory = options.state_directory,
                                                        .instance = options.instance,
                                                        .filter_socket = parts.surroundings.filter_socket},
                                            .packet_socket = parts.surroundings.packet_socket}));
  parts.runtime->on_surroundings([&parts] { with_daemon(parts, [](Daemon& running) { running.on_surroundings(); }); });
  parts.runtime->on_foreign_macvlans(
      [&parts] { with_daemon(parts, [](Daemon& running) { running.follow_macvlans(); }); });
  if (parts.surroundings.clean_up) {
    parts.logger.write<kCleansUp>();
  } else {
    parts.runtime->resume();
  }
  return {};
}

// What configures them, and answers the shells.
base::Result<> open_management(Parts& parts, const Options& options) {
  parts.context = TANDEM_TRY(load_schema());
  parts.filter.emplace(options.instance);
  parts.daemon = TANDEM_TRY(Daemon::open(
      {.loop = parts.management_loop,
       .logger = parts.logger,
       .log = {.last_lines = parts.last_lines, .backlog = parts.log_backlog, .handle_of_option = parts.log_handle},
       .runtime = *parts.runtime,
       .protocol_loop = parts.loop,
       .filter = *parts.filter,
       .checkpoint = parts.checkpoint,
       .listening = parts.surroundings.listening},
      options, *parts.context));
  return {};
}

void log_refused_calls(Parts& parts) {
  for (const auto& call : parts.refused_calls->take()) {
    parts.logger.write<kCallRefused>(call.name, call.number);
  }
}

// A gateway that works without is better than none.
base::Result<> restrict_calls(Parts& parts) {
  std::string why = !parts.surroundings.filter ? "--no-seccomp" : os::reason_for_no_filter();
  if (why.empty()) {
    auto refused = TANDEM_TRY(os::RefusedCalls::watch());
    parts.refused_calls.emplace(std::move(refused));
    parts.refused_calls_watch.emplace(parts.management_loop, parts.refused_calls->descriptor(),
                                      event::Watch::For::reading, [&parts] { log_refused_calls(parts); });
    const auto installed = parts.surroundings.filter->install();
    why = installed ? "" : installed.error().message;
  }
  if (!why.empty()) {
    parts.protocol_logger.write<kCallsNotRestricted>(why);
  }
  return {};
}

// Before anything else: who goes on for a worker that died is late already.
base::Result<> go_first() {
  os::enable_priority();  // a privilege that a supervisor may keep for its workers, and they then give up
  return os::run_before_others(kLongestTurn);
}

// From now on, while management's loop runs.
void give_signs_of_management(Parts& parts) {
  parts.checkpoint.management_alive();
  parts.management_beat.set(event::monotonic_now() + supervisor::kManagementHeartbeat);
}

// Told to end, and management hangs: the virtual routers resign all the same, and nothing of them stays.
[[noreturn]] void end_without_management(Parts& parts) {
  parts.checkpoint.stopping();
  parts.runtime->stop();
  parts.checkpoint.clear();
  os::say(fmt::format("{}: management did not end in time; what it was doing is lost\n", kProgram));
  ::_exit(EXIT_FAILURE);
}

// SIG_BLOCK: signals wait; SIG_UNBLOCK: they are taken, by what has been set up for that.
void set_signals(int how) {
  sigset_t ours;
  ::sigemptyset(&ours);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2}) {
    ::sigaddset(&ours, number);
  }
  ::pthread_sigmask(how, &ours, nullptr);
}

// Runs until a signal ends it, or, with that error, the startup file. The protocol's loop goes on until management has
// ended, which may be waiting for it.
base::Result<> run_loops(Parts& parts, const Options& options) {
  base::Result<> result;
  event::Timer give_up(parts.loop, [&parts] { end_without_management(parts); });
  const auto end = [&parts, &give_up](int number) {
    return [&parts, &give_up, number] {
      parts.told_to_end = true;
      parts.leaving = false;
      give_up.set(event::monotonic_now() + kManagementEnd);
      parts.protocol_logger.write<kStopping>(number);
      parts.management_loop.stop();
    };
  };
  const event::SignalWatch terminate(parts.loop, SIGTERM, end(SIGTERM));
  const event::SignalWatch interrupt(parts.loop, SIGINT, end(SIGINT));
  const event::SignalWatch hang_up(parts.loop, SIGHUP, [&parts] {
    with_daemon(parts, [](Daemon& running) { running.reload(); });
    parts.management_loop.post([&parts] { parts.loop.post(parts.surroundings.on_ready); });
  });
  const event::SignalWatch leave(parts.loop, SIGUSR2, [&parts] {
    parts.leaving = !parts.told_to_end;
    parts.management_loop.stop();
  });
  const event::SignalWatch rotate(parts.loop, SIGUSR1,
                                  [&parts] { parts.management_loop.post([&parts] { parts.logger.reopen(); }); });
  parts.management_loop.post([&] {
    if (parts.ended) {
      return;
    }
    give_signs_of_management(parts);
    if (parts.daemon == nullptr) {
      result = open_management(parts, options);
    }
    if (result) {
      result = parts.daemon->load_configuration();
    }
    if (result) {
      os::unmap_idle_code();
      parts.loop.post(parts.surroundings.on_ready);
    } else {
      parts.management_loop.stop();
    }
  });
  if (parts.surroundings.shared != nullptr) {
    parts.loop.post([&parts] { parts.runtime->give_signs_of_life(); });
  }
  const event::Thread management("management", parts.management_loop, [&parts] { parts.loop.stop(); });
  set_signals(SIG_UNBLOCK);
  parts.loop.run();
  set_signals(SIG_BLOCK);  // the watches end, and with them what has been set up
  return result;
}

// Makes room for the next worker, which is waiting: what the kernel can clean up is left to it. No command of a session
// is carried out any more: it would wait for the protocol's loop, which has ended.
[[noreturn]] void leave(Parts& parts) {
  parts.ended = true;
  parts.management_loop.run_posted();  // the last lines of the log
  parts.logger.flush(kLastLinesOfOneThatLeaves);
  ::_exit(EXIT_SUCCESS);
}

// Abdicates and cleans up, what a crashed run left included. All on one thread now.
void close(Parts& parts) {
  parts.ended = true;
  parts.checkpoint.stopping();
  parts.daemon.reset();
  if (parts.runtime != nullptr) {
    parts.runtime->stop();
  }
  parts.checkpoint.clear();            // the next worker must not go on with that
  parts.management_loop.run_posted();  // the last lines of the log
}

}  // namespace

base::Result<> work(const Options& options, const WorkerSurroundings& surroundings) {
  set_signals(SIG_BLOCK);
  const base::Result<> first = go_first();
  Parts parts(surroundings);
  base::Result<> ended = os::drop_privileges(options.account, os::Keep::network);  // before there are other threads
  if (ended) {
    ended = open_protocol(parts, options);
  }
  if (!first) {
    parts.protocol_logger.write<kOrdinaryPriority>(first.error().message);
  }
  if (surroundings.clean_up) {
    close(parts);
    return ended;
  }
  if (ended && !parts.checkpoint.configuration()) {
    ended = open_management(parts, options);
  }
  if (ended) {
    ended = restrict_calls(parts);
  }
  if (ended) {
    ended = run_loops(parts, options);
  }
  if (parts.leaving) {
    leave(parts);
  }
  close(parts);
  return ended;
}

}  // namespace tandem::vrrpd::daemon

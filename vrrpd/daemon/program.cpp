// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/program.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <optional>

#include "lib/config/file.h"
#include "lib/event/thread.h"
#include "lib/log/relay.h"
#include "lib/os/daemonize.h"
#include "lib/os/paths.h"
#include "lib/os/pidfile.h"
#include "lib/os/scheduling.h"
#include "lib/os/sinks.h"
#include "vrrpd/config/check.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/daemon.h"
#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {
namespace {

base::Result<std::unique_ptr<yang::Context>> load_schema() {
  return yang::Context::load(yang::default_directory(), config::yang_modules());
}

// The daemon behind a datastore that only checks.
class NoDaemon : public tandem::config::Applier {
 public:
  std::vector<std::string> check(const yang::Tree& candidate) override {
    return config::check(config::from_yang(candidate));
  }
  base::Result<> apply(const yang::Tree&) override { return {}; }
};

int report(const base::Error& error) {
  fmt::print(stderr, "{}: {}\n", kProgram, error.message);
  return 1;
}

base::Result<> make_directories(const Options& options) {
  for (const std::string& directory : {options.socket_directory, options.state_directory}) {
    if (const auto made = os::make_directories(directory, 0755); !made) {
      return made;
    }
  }
  return {};
}

// Everything that a running daemon owns, in the order in which it is made. The program's own thread runs the protocol's
// loop, a second one management's. The sinks of the log belong to management too: nobody waits for a disk.
struct Parts {
  event::Loop loop;
  event::Loop management_loop;
  log::Ring last_lines{kLogLinesKept};
  log::Logger logger;  // of management
  log::Logger protocol_logger;
  std::unique_ptr<yang::Context> context;
  std::optional<os::PidFile> pid_file;
  std::optional<filter::Filter> filter;
  std::unique_ptr<Runtime> runtime;
  std::unique_ptr<Daemon> daemon;
};

void connect_loggers(Parts& parts) {
  const auto deliver = [&parts](log::OwnedRecord record) {
    parts.management_loop.post([&parts, record = std::move(record), when = event::wall_now()] {
      parts.logger.emit({record.level, record.id, record.text, when});
    });
  };
  const int relay = parts.protocol_logger.add(std::make_unique<log::Relay>(deliver), log::Level::informational);
  parts.logger.on_verbosity([&parts, relay](log::Level level) {
    parts.loop.post([&parts, relay, level] { parts.protocol_logger.set_threshold(relay, level); });
  });
}

// Opens all that needs privileges. Nothing is left behind on failure.
base::Result<> open(Parts& parts, const Options& options) {
  if (const auto capable = os::check_network_capabilities(); !capable) {
    return capable;
  }
  auto sink = os::open_sink(options.log_target, kProgram);
  if (!sink) {
    return base::Unexpected<base::Error>(sink.error());
  }
  connect_loggers(parts);
  parts.logger.add(std::move(*sink), options.log_level);
  parts.logger.add(os::make_ring_sink(parts.last_lines, kProgram), log::Level::informational);
  auto context = load_schema();
  if (!context) {
    return base::Unexpected<base::Error>(context.error());
  }
  parts.context = std::move(*context);
  if (const auto made = make_directories(options); !made) {
    return made;
  }
  auto pid_file = os::PidFile::create(options.pid_file);
  if (!pid_file) {
    return base::Unexpected<base::Error>(pid_file.error());
  }
  parts.pid_file.emplace(std::move(*pid_file));
  auto runtime = Runtime::open(parts.loop, parts.protocol_logger,
                               {.state_directory = options.state_directory, .instance = options.instance});
  if (!runtime) {
    return base::Unexpected<base::Error>(runtime.error());
  }
  parts.runtime = std::move(*runtime);
  parts.runtime->on_surroundings([&parts] {
    parts.management_loop.post([&parts] {
      if (parts.daemon != nullptr) {
        parts.daemon->on_surroundings();
      }
    });
  });
  parts.filter.emplace(options.instance);
  auto daemon =
      Daemon::open({parts.management_loop, parts.logger, parts.last_lines, *parts.runtime, parts.loop, *parts.filter},
                   options, *parts.context);
  if (!daemon) {
    return base::Unexpected<base::Error>(daemon.error());
  }
  parts.daemon = std::move(*daemon);
  return {};
}

// What needs a privilege that the daemon then gives up.
base::Result<> settle_in(Parts& parts, const Options& options) {
  if (const auto first = os::run_before_others(kLongestTurn); !first) {
    parts.protocol_logger.write<kOrdinaryPriority>(first.error().message);
  }
  return os::drop_privileges(options.account);
}

// Runs until a signal ends it, or, with that error, the startup file. The protocol's loop goes on until management has
// ended, which may be waiting for it.
base::Result<> run_loops(Parts& parts, const event::Handler& on_started) {
  base::Result<> result;
  const auto end = [&parts](int number) {
    return [&parts, number] {
      parts.protocol_logger.write<kStopping>(number);
      parts.management_loop.stop();
    };
  };
  const event::SignalWatch terminate(parts.loop, SIGTERM, end(SIGTERM));
  const event::SignalWatch interrupt(parts.loop, SIGINT, end(SIGINT));
  const event::SignalWatch hang_up(parts.loop, SIGHUP,
                                   [&parts] { parts.management_loop.post([&parts] { parts.daemon->reload(); }); });
  const event::SignalWatch rotate(parts.loop, SIGUSR1,
                                  [&parts] { parts.management_loop.post([&parts] { parts.logger.reopen(); }); });
  parts.management_loop.post([&] {
    result = parts.daemon->load_startup_file();
    if (result) {
      parts.loop.post(on_started);
    } else {
      parts.management_loop.stop();
    }
  });
  const event::Thread management("management", parts.management_loop, [&parts] { parts.loop.stop(); });
  parts.loop.run();
  return result;
}

// Abdicates and cleans up, what a crashed run left included. All on one thread now.
void close(Parts& parts) {
  parts.daemon.reset();
  if (parts.runtime != nullptr) {
    parts.runtime->stop();
  }
  parts.management_loop.run_pending();  // the last lines of the log
}

}  // namespace

int check_configuration(const Options& options) {
  auto context = load_schema();
  if (!context) {
    return report(context.error());
  }
  const auto text = tandem::config::read_file(options.config_file);
  if (!text) {
    return report(text.error());
  }
  NoDaemon no_daemon;
  tandem::config::Datastore datastore(**context, no_daemon);
  tandem::config::Draft draft = datastore.read(
      datastore.empty(), *text, {.base = tandem::config::Datastore::Base::replaced, .mode = options.reading});
  if (!draft.skipped.empty()) {
    fmt::print(stderr, "{}\n", text_of(draft.skipped, options.config_file));
  }
  if (const auto valid = datastore.check(draft); !valid) {
    fmt::print(stderr, "{}\n", text_of(valid.error(), options.config_file));
    return 1;
  }
  return 0;
}

int run(const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);
  std::optional<os::Background> background;
  if (options.background) {
    auto entered = os::Background::enter(kProgram);
    if (!entered) {
      return report(entered.error());
    }
    background.emplace(std::move(*entered));
  }
  Parts parts;
  base::Result<> ended = open(parts, options);
  if (ended) {
    ended = settle_in(parts, options);
  }
  if (ended) {
    ended = run_loops(parts, [&background] {
      if (background) {
        background->report_ready();
      }
    });
  }
  close(parts);
  if (ended) {
    return 0;
  }
  if (background) {
    background->report_failure(ended.error());
    return 1;
  }
  return report(ended.error());
}

}  // namespace tandem::vrrpd::daemon

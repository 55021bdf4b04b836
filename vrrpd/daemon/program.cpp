// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/program.h"

#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <optional>

#include "lib/config/file.h"
#include "lib/os/daemonize.h"
#include "lib/os/paths.h"
#include "lib/os/pidfile.h"
#include "lib/os/sinks.h"
#include "vrrpd/config/check.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/daemon.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {
namespace {

// In the order of the nodes in running-config.
const std::vector<std::string> kModules{"tandem-cli", "tandem-system", "tandem-vrrp", "tandem-interfaces"};

base::Result<std::unique_ptr<yang::Context>> load_schema() {
  return yang::Context::load(yang::default_directory(), kModules);
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

// Everything that a running daemon owns, in the order in which it is made.
struct Parts {
  log::Logger logger;
  event::Loop loop;
  std::unique_ptr<yang::Context> context;
  std::optional<os::PidFile> pid_file;
  std::unique_ptr<Daemon> daemon;
};

base::Result<> start(Parts& parts, const Options& options) {
  if (const auto capable = os::check_network_capabilities(); !capable) {
    return capable;
  }
  auto sink = os::open_sink(options.log_target, kProgram);
  if (!sink) {
    return base::Unexpected<base::Error>(sink.error());
  }
  parts.logger.add(std::move(*sink), options.log_level);
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
  auto daemon = Daemon::start(parts.loop, parts.logger, options, *parts.context);
  if (!daemon) {
    return base::Unexpected<base::Error>(daemon.error());
  }
  parts.daemon = std::move(*daemon);
  return {};
}

void run_until_signal(Parts& parts) {
  const auto end = [&parts](int number) {
    return [&parts, number] {
      parts.logger.write<kStopping>(number);
      parts.loop.stop();
    };
  };
  const event::SignalWatch terminate(parts.loop, SIGTERM, end(SIGTERM));
  const event::SignalWatch interrupt(parts.loop, SIGINT, end(SIGINT));
  const event::SignalWatch hang_up(parts.loop, SIGHUP, [&parts] { parts.daemon->reload(); });
  const event::SignalWatch rotate(parts.loop, SIGUSR1, [&parts] { parts.logger.reopen(); });
  parts.loop.run();
  parts.daemon->stop();
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
  if (const auto loaded = datastore.load(*text, {.replace = true, .check_only = true}); !loaded) {
    fmt::print(stderr, "{}\n", file_errors(options.config_file, loaded.error()));
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
  auto started = start(parts, options);
  if (started) {
    started = os::drop_privileges(options.account);
    if (!started) {
      parts.daemon->stop();
    }
  }
  if (!started) {
    if (background) {
      background->report_failure(started.error());
      return 1;
    }
    return report(started.error());
  }
  if (background) {
    background->report_ready();
  }
  run_until_signal(parts);
  return 0;
}

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/program.h"

#include <fmt/format.h>

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "lib/config/datastore.h"
#include "lib/config/file.h"
#include "lib/config/transactions.h"
#include "lib/ipc/socket.h"
#include "lib/os/daemonize.h"
#include "lib/os/paths.h"
#include "lib/os/pidfile.h"
#include "vrrpd/config/check.h"
#include "vrrpd/daemon/schema.h"
#include "vrrpd/daemon/worker.h"
#include "vrrpd/io/operation.h"
#include "vrrpd/supervisor/supervisor.h"

namespace tandem::vrrpd::daemon {
namespace {

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

// What the program needs before it does anything, and is one of a kind.
base::Result<os::PidFile> prepare(const Options& options) {
  if (const auto capable = os::check_network_capabilities(); !capable) {
    return base::Unexpected<base::Error>(capable.error());
  }
  if (const auto made = make_directories(options); !made) {
    return base::Unexpected<base::Error>(made.error());
  }
  return os::PidFile::create(options.pid_file);
}

base::Result<int> run_worker(const Options& options, WorkerSurroundings surroundings,
                             std::optional<os::Background>& background) {
  const auto report_ready = [&background, then = std::move(surroundings.on_ready)] {
    if (background) {
      background->report_ready();
      background.reset();
    }
    if (then) {
      then();
    }
  };
  surroundings.on_ready = report_ready;
  if (const base::Result<> ended = work(options, surroundings); !ended) {
    return base::Unexpected<base::Error>(ended.error());
  }
  return 0;
}

base::Result<int> run_alone(const Options& options, std::optional<os::Background>& background) {
  const auto pid_file = prepare(options);
  if (!pid_file) {
    return base::Unexpected<base::Error>(pid_file.error());
  }
  return run_worker(options, {}, background);
}

// The supervisor goes through here once, and each worker that it starts comes out of run().
base::Result<int> run_supervised(const Options& options, std::optional<os::Background>& background) {
  auto pid_file = prepare(options);
  if (!pid_file) {
    return base::Unexpected<base::Error>(pid_file.error());
  }
  const std::string socket_path = os::socket_path(options.socket_directory, kProgram);
  auto listening = ipc::listen_on_socket(socket_path, os::kAdminGroup);
  if (!listening) {
    return base::Unexpected<base::Error>(listening.error());
  }
  auto shared = supervisor::Shared::open(std::filesystem::path(options.pid_file).replace_extension(".checkpoint"));
  if (!shared) {
    return base::Unexpected<base::Error>(shared.error());
  }
  const os::ServiceManager manager;
  const io::LinkGroups groups = io::link_groups(options.instance);
  auto supervisor = supervisor::Supervisor::open({.shared = *shared, .manager = manager, .background = background},
                                                 {groups.live, groups.graveyard, groups.dying});
  if (!supervisor) {
    return base::Unexpected<base::Error>(supervisor.error());
  }
  if (const std::optional<int> status = supervisor->run()) {
    shared->remove_file();
    ::unlink(socket_path.c_str());
    return *status;
  }
  pid_file->leave_to_parent();
  return run_worker(
      options, {.shared = &*shared, .listening = listening->release(), .on_ready = [&] { supervisor->note_ready(); }},
      background);
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
  const base::Result<int> status =
      options.supervised ? run_supervised(options, background) : run_alone(options, background);
  if (status) {
    return *status;
  }
  if (background) {
    background->report_failure(status.error());
    return 1;
  }
  return report(status.error());
}

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/program.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>

#include "lib/config/datastore.h"
#include "lib/config/transactions.h"
#include "lib/os/daemonize.h"
#include "lib/os/descriptors.h"
#include "lib/os/file.h"
#include "lib/os/stderr.h"
#include "vrrpd/config/check.h"
#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/prepare.h"
#include "vrrpd/daemon/schema.h"
#include "vrrpd/daemon/supervised.h"

namespace tandem::vrrpd::daemon {
namespace {

constexpr mode_t kMask = 0027;  // what is made is for our user and group: directories 0750, files 0640

// How long a reader of stderr may take for the errors of a start, which fill more than a pipe. A worker that ends does
// not wait longer either: its supervisor waits for that end.
constexpr std::chrono::milliseconds kReaderPatience{500};

// The daemon behind a datastore that only checks.
class NoDaemon : public tandem::config::Applier {
 public:
  std::vector<std::string> check(const yang::Tree& candidate) override {
    return config::check(config::from_yang(candidate));
  }
  base::Result<> apply(const tandem::config::Configuration&) override { return {}; }
};

// Instead of what the C++ library says, which would wait for a reader of stderr. Allocates nothing.
[[noreturn]] void say_why_it_ends() {
  std::array<char, 256> line{};
  const auto say = [&line](const char* why) {
    const int size = std::snprintf(line.data(), line.size(), "vrrpd: ends: %s\n", why);
    os::say({line.data(), std::min(line.size() - 1, static_cast<std::size_t>(std::max(size, 0)))});
  };
  try {
    if (const auto exception = std::current_exception()) {
      std::rethrow_exception(exception);
    }
  } catch (const std::bad_alloc&) {
    say("out of memory");
  } catch (const std::exception& error) {
    say(error.what());
  } catch (...) {
    say("unknown exception");
  }
  std::abort();
}

int report(const base::Error& error) {
  os::say(fmt::format("{}: {}\n", kProgram, error.message), kReaderPatience);
  return 1;
}

base::Result<int> run_alone(const Options& options, std::optional<os::Background>& background) {
  TANDEM_TRY(prepare(options));
  TANDEM_TRY(give_belongings(options));
  const auto filter = TANDEM_TRY(give_up_privileges(options, OwnFilter::none));
  return run_worker(options, {.filter = filter}, background);
}

}  // namespace

int check_configuration(const Options& options) {
  auto context = load_schema();
  if (!context) {
    return report(context.error());
  }
  const auto text = os::read_file(options.config_file);
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

int run(const Options& given) {
  const Options options = was_handed_over() ? given : with_account(given);
  protect_process(options);
  std::signal(SIGPIPE, SIG_IGN);
  std::set_terminate(say_why_it_ends);
  ::umask(kMask);
  if (const auto allowed = os::allow_descriptors(kFewestDescriptors, kMostDescriptors);
      !allowed && !was_handed_over()) {
    return report(allowed.error());
  }
  std::optional<os::Background> background;
  if (options.background && !was_handed_over()) {
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

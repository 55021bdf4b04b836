// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/program.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <optional>

#include "lib/config/datastore.h"
#include "lib/config/transactions.h"
#include "lib/daemon/command_line.h"
#include "lib/daemon/limits.h"
#include "lib/daemon/prepare.h"
#include "lib/daemon/supervised.h"
#include "lib/os/daemonize.h"
#include "lib/os/descriptors.h"
#include "lib/os/file.h"
#include "lib/os/stderr.h"
#include "lib/yang/context.h"

namespace tandem::daemon {
namespace {

constexpr mode_t kMask = 0027;  // what is made is for our user and group: directories 0750, files 0640

// Instead of what the C++ library says, which would wait for a reader of stderr. Allocates nothing.
[[noreturn]] void say_why_it_ends() {
  std::array<char, 256> line{};
  const auto say = [&line](const char* why) {
    const int size = std::snprintf(line.data(), line.size(), "%s: ends: %s\n", ::program_invocation_short_name, why);
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

int report(const Description& description, const base::Error& error) {
  os::say(fmt::format("{}: {}\n", description.program, error.message), kReaderTimeout);
  return 1;
}

base::Result<int> run_alone(const Description& description, const Options& options,
                            std::optional<os::Background>& background) {
  const auto pid_file = TANDEM_TRY(prepare(options));  // held until the daemon ends
  TANDEM_TRY(give_belongings(options));
  const auto filter = TANDEM_TRY(give_up_privileges(description, options, OwnFilter::none));
  return run_worker(description, options, {.filter = filter}, background);
}

// `-C`: 0 if the configuration is valid, else 1 with every error on stderr. Changes nothing.
int check_configuration(const Description& description, const Options& options) {
  auto context = load_schema(description);
  if (!context) {
    return report(description, context.error());
  }
  const auto text = os::read_file(options.config_file);
  if (!text) {
    return report(description, text.error());
  }
  const auto checker = description.make_checker();
  config::Datastore datastore(**context, *checker);
  config::Draft draft =
      datastore.read(datastore.empty(), *text, {.base = config::Datastore::Base::replaced, .mode = options.reading});
  if (!draft.skipped.empty()) {
    fmt::print(stderr, "{}\n", text_of(draft.skipped, options.config_file));
  }
  if (const auto valid = datastore.check(draft); !valid) {
    fmt::print(stderr, "{}\n", text_of(valid.error(), options.config_file));
    return 1;
  }
  return 0;
}

int run(const Description& description, const Options& given) {
  const Options options = was_handed_over() ? given : with_account(given);
  protect_process(options);
  std::signal(SIGPIPE, SIG_IGN);
  std::set_terminate(say_why_it_ends);
  ::umask(kMask);
  if (const auto allowed = os::allow_descriptors(description.descriptors.fewest, description.descriptors.most);
      !allowed && !was_handed_over()) {
    return report(description, allowed.error());
  }
  std::optional<os::Background> background;
  if (options.background && !was_handed_over()) {
    auto entered = os::Background::enter(description.program);
    if (!entered) {
      return report(description, entered.error());
    }
    background.emplace(std::move(*entered));
  }
  const base::Result<int> status = options.supervised ? run_supervised(description, options, background)
                                                      : run_alone(description, options, background);
  if (status) {
    return *status;
  }
  if (background) {
    background->report_failure(status.error());
    return 1;
  }
  return report(description, status.error());
}

}  // namespace

base::Result<std::unique_ptr<yang::Context>> load_schema(const Description& description) {
  return yang::Context::load(yang::default_directory(), description.yang_modules);
}

int run_program(const Description& description, int argc, char** argv) {
  const auto parsed = parse_options(description, argc, argv);
  if (!parsed) {
    return report(description, parsed.error());
  }
  if (const auto* text = std::get_if<PrintAndExit>(&*parsed)) {
    fmt::print("{}", text->text);
    return 0;
  }
  const Options& options = std::get<Options>(*parsed);
  if (options.check_only) {
    return check_configuration(description, options);
  }
  return options.restart ? restart(options) : run(description, options);
}

}  // namespace tandem::daemon

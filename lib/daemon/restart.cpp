// SPDX-License-Identifier: Apache-2.0
// `--restart`, from outside.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "lib/daemon/program.h"
#include "lib/daemon/successor.h"
#include "lib/os/pidfile.h"

namespace tandem::daemon {
namespace {

constexpr useconds_t kStep = 20'000;  // microseconds
constexpr int kSteps = 2000;          // 40 s: a clean start has to abdicate first

int fail(const Options& options, const std::string& what) {
  fmt::print(stderr, "{}: {}\n", options.program, what);
  return 1;
}

// The worker: the one child of the supervisor; 0 while there is none.
pid_t worker_of(pid_t supervisor) {
  pid_t worker = 0;
  std::ifstream(fmt::format("/proc/{}/task/{}/children", supervisor, supervisor)) >> worker;
  return worker;
}

}  // namespace

int restart(const Options& options) {
  const auto running = os::find_running(options.pid_file);
  if (!running) {
    return fail(options, "nothing to restart: " + running.error().message);
  }
  const pid_t supervisor = running->pid;
  const auto successor = successor_of(supervisor);  // without the permission to look into that process: it asks itself
  if (const auto checked = successor ? check_successor(*successor, options.program) : base::Result<>(); !checked) {
    return fail(options, fmt::format("{}; process {} goes on as before", checked.error().message, supervisor));
  }
  const pid_t before = worker_of(supervisor);
  if (const auto told = running->signal(SIGUSR2); !told) {
    return fail(options, "cannot restart: " + told.error().message);
  }
  for (int step = 0; step < kSteps; ++step) {
    const pid_t now = worker_of(supervisor);
    if (now != 0 && now != before) {
      return 0;
    }
    if (running->has_ended()) {
      return fail(options, fmt::format("process {} has ended: see its log", supervisor));
    }
    ::usleep(kStep);
  }
  return fail(options, fmt::format("process {} goes on as before: see its log", supervisor));
}

}  // namespace tandem::daemon

// SPDX-License-Identifier: Apache-2.0
// `vrrpd --restart`, from outside.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "lib/os/pidfile.h"
#include "vrrpd/daemon/program.h"
#include "vrrpd/daemon/successor.h"

namespace tandem::vrrpd::daemon {
namespace {

constexpr useconds_t kStep = 20'000;  // microseconds
constexpr int kSteps = 2000;          // 40 s: a clean start has to abdicate first

int complain(const std::string& what) {
  fmt::print(stderr, "{}: {}\n", kProgram, what);
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
    return complain("nothing to restart: " + running.error().message);
  }
  const pid_t supervisor = running->pid;
  const auto successor = successor_of(supervisor);  // unknown to who may not look into that process: it asks itself
  if (const auto checked = successor ? check_successor(*successor) : base::Result<>(); !checked) {
    return complain(fmt::format("{}; process {} goes on as before", checked.error().message, supervisor));
  }
  const pid_t before = worker_of(supervisor);
  if (const auto told = running->signal(SIGUSR2); !told) {
    return complain("cannot restart: " + told.error().message);
  }
  for (int step = 0; step < kSteps; ++step) {
    const pid_t now = worker_of(supervisor);
    if (now != 0 && now != before) {
      return 0;
    }
    if (running->has_ended()) {
      return complain(fmt::format("process {} has ended: see its log", supervisor));
    }
    ::usleep(kStep);
  }
  return complain(fmt::format("process {} goes on as before: see its log", supervisor));
}

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
#include "vtysh/interrupt.h"

#include <signal.h>

namespace tandem::vtysh {
namespace {

volatile sig_atomic_t g_interrupted = 0;  // a signal handler can use only globals

}  // namespace

void catch_interrupts() {
  // Handlers instead of SIG_IGN, which started programs would inherit. Without SA_RESTART, so that the signal ends a
  // wait for a daemon.
  struct sigaction action{};
  action.sa_handler = [](int) { g_interrupted = 1; };
  ::sigaction(SIGINT, &action, nullptr);
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGTSTP, &action, nullptr);
}

bool interrupted() { return g_interrupted != 0; }

void forget_interrupt() { g_interrupted = 0; }

}  // namespace tandem::vtysh

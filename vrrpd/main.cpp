// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/program.h"
#include "vrrpd/daemon/description.h"

int main(int argc, char** argv) {
  return tandem::daemon::run_program(tandem::vrrpd::daemon::description(), argc, argv);
}

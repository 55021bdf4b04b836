// SPDX-License-Identifier: Apache-2.0
// The program that is to take over from this one: what is installed at its path by now. Once it has been executed there
// is no way back, so it is asked before whether it can run at all.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"

namespace tandem::daemon {

struct Successor {
  std::string program;                 // its path
  std::vector<std::string> arguments;  // those of the program that runs, its name included
};

// What would take over from process `pid`. Fails if that may not be known.
base::Result<Successor> successor_of(pid_t pid);

// Runs it with its arguments and --version, in a child that has two seconds: it has to say that it is `name`. Options
// that it does not know, a library that is missing and a file that is no program are errors. Call from a program
// without threads.
base::Result<> check_successor(const Successor& successor, const std::string& name);

}  // namespace tandem::daemon

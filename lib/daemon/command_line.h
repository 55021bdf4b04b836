// SPDX-License-Identifier: Apache-2.0
// The command line of a daemon: the options that every daemon has (doc/man/vrrpd.8), and those of its Description.
#pragma once

#include <string>
#include <variant>

#include "lib/base/result.h"
#include "lib/daemon/description.h"
#include "lib/daemon/options.h"
#include "lib/os/options.h"

namespace tandem::daemon {

// What to do instead of running: -h and -v print a text and end.
struct PrintAndExit {
  std::string text;
};

base::Result<std::variant<Options, PrintAndExit>> parse_options(const Description& description, int argc, char** argv);

// The options as a table, for documents. It is not there to parse with.
os::OptionTable option_table(const Description& description);

}  // namespace tandem::daemon

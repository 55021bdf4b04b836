// SPDX-License-Identifier: Apache-2.0
// What a daemon says about itself. Its main() makes a Description and calls run_program(): the rest of a program with a
// supervisor, workers, privileges, restarts and a log is the same for all daemons. tests/skeleton is the smallest one.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/config/datastore.h"
#include "lib/daemon/options.h"
#include "lib/os/options.h"
#include "lib/supervisor/fence.h"

namespace tandem::daemon {

class Work;
class Frame;

// Limits for open files.
struct DescriptorLimits {
  std::size_t fewest = 256;  // below that the daemon does not start
  std::size_t most = 65'536;
};

struct Description {
  std::string program;                    // "vrrpd": the name of process, PID file, socket and configuration file
  std::string purpose;                    // for --help, one sentence
  std::vector<std::string> yang_modules;  // with tandem-cli and tandem-system, if it has their commands
  std::vector<os::Option> options{};      // beside those of every daemon
  std::vector<int> socket_families{};     // of the sockets that workers open (AF_…)
  DescriptorLimits descriptors{};
  supervisor::MemoryLayout memory{};

  // `kept`: Fence::descriptors() of the program that this one has replaced, -1 for those that it did not have; taken
  // over.
  std::function<base::Result<std::unique_ptr<supervisor::Fence>>(const Options& options, std::span<const int> kept)>
      open_fence;
  // What a worker does. `frame` outlives it.
  std::function<std::unique_ptr<Work>(Frame& frame)> make_work;
  // For `-C`: checks configurations and applies none.
  std::function<std::unique_ptr<config::Applier>()> make_checker;
};

}  // namespace tandem::daemon

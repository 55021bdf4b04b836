// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/options.h"

#include "lib/os/paths.h"

namespace tandem::daemon {

std::vector<std::string> writable_directories(const Options& options) {
  return {options.log_directory, options.state_directory};
}

std::vector<std::string> readable_directories(const Options& options) {
  return {os::configuration_directory(options.instance), options.log_directory, options.state_directory};
}

std::string history_directory(const Options& options) {
  return options.state_directory + "/commits" + (options.instance.empty() ? "" : "-" + options.instance);
}

}  // namespace tandem::daemon

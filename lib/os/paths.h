// SPDX-License-Identifier: Apache-2.0
// Where Tandem's files are. `name` is that of option -N, which sets several instances on one host apart; usually empty.
#pragma once

#include <sys/types.h>

#include <string>

#include "lib/base/result.h"

namespace tandem::os {

std::string runtime_directory(const std::string& name);        // sockets, PID files: "/run/tandem[/NAME]"
std::string state_directory(const std::string& name);          // what outlives a restart: "/var/lib/tandem[/NAME]"
std::string log_directory(const std::string& name);            // "/var/log/tandem[/NAME]"
std::string configuration_directory(const std::string& name);  // "/etc/tandem[/NAME]"

std::string socket_path(const std::string& directory, const std::string& daemon);    // "DIRECTORY/DAEMON.vty"
std::string configuration_file(const std::string& name, const std::string& daemon);  // "/etc/tandem[/NAME]/DAEMON.conf"

inline constexpr const char* kAdminGroup = "tandem";   // its members may configure
inline constexpr const char* kServiceUser = "tandem";  // what root's daemon becomes where it exists

// Creates the directory with that mode, whatever the umask, and those above it with 0755, where they are missing;
// existing ones stay as they are.
base::Result<> make_directories(const std::string& path, mode_t mode);

// Reserves the directory for this process, the programs that it executes and the children that it forks, until all of
// them have ended. Fails if another process has it: "directory /x is in use by another process". The lock is
// that of a file in the directory; where none can be made (full, read-only), that of the directory itself.
base::Result<> reserve_directory(const std::string& path);

}  // namespace tandem::os

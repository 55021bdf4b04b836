// SPDX-License-Identifier: Apache-2.0
// Where Tandem's files are. `name` is the instance (option -N); empty unless a host has several.
#pragma once

#include <sys/types.h>

#include <string>

#include "lib/base/result.h"

namespace tandem::os {

std::string runtime_directory(const std::string& name);        // sockets, PID files: "/run/tandem[/NAME]"
std::string state_directory(const std::string& name);          // files kept over a restart: "/var/lib/tandem[/NAME]"
std::string log_directory(const std::string& name);            // "/var/log/tandem[/NAME]"
std::string configuration_directory(const std::string& name);  // "/etc/tandem[/NAME]"

std::string socket_path(const std::string& directory, const std::string& daemon);    // "DIRECTORY/DAEMON.vty"
std::string configuration_file(const std::string& name, const std::string& daemon);  // "/etc/tandem[/NAME]/DAEMON.conf"

inline constexpr const char* kAdminGroup = "tandem";   // its members may configure
inline constexpr const char* kServiceUser = "tandem";  // a daemon started by root becomes this user if it exists

// Creates the directory with that mode and missing parents with 0755, whatever the umask. Existing directories are not
// changed.
base::Result<> make_directories(const std::string& path, mode_t mode);

// Reserves the directory for this process, its children and the programs that they execute, until all of them have
// ended. Fails if another process has reserved it: "directory /x is in use by another process". Locks a file in the
// directory, or the directory itself where no file can be created (full, read-only).
base::Result<> reserve_directory(const std::string& path);

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// What the program does while it may still do everything: it makes what it needs, gives that to the account that it
// then becomes, and keeps two capabilities. Whatever runs afterwards, supervisor and workers, never has more; but for
// the right to a real-time priority, until a worker has it, where a resource limit cannot give that.
#pragma once

#include <optional>

#include "lib/daemon/description.h"
#include "lib/daemon/options.h"
#include "lib/os/pidfile.h"
#include "lib/os/seccomp.h"

namespace tandem::daemon {

// The options with the account that the program becomes: started by root without -u it is the service's user, where
// that exists and may have the directories and read the configuration; else `why_root` says why it stays root.
Options with_account(Options options);

// Keeps other processes of its user out of this one (os::set_dumpable()), unless the options want otherwise.
void protect_process(const Options& options);

// What the program needs before it does anything, and is one of a kind: capabilities, directories, PID file.
base::Result<os::PidFile> prepare(const Options& options);

// Listens for shells. What lies where the account may put links is made as that account.
base::Result<os::FileDescriptor> open_management_socket(const Options& options);

// Gives to the account what a worker has to write to: the runtime and the state directory, if they are ours alone
// (made now, or at their usual place) or that user's already, the log file, and the configuration at its usual place.
base::Result<> give_belongings(const Options& options);

using WorkerFilter = std::optional<os::SystemCallFilter>;  // none with --no-seccomp
enum class OwnFilter { supervisor, none };

// Becomes the account, for good (os::drop_privileges()), and may then make the system calls of a supervisor only, if
// wanted. Returns what its workers are to be restricted to. Fails if it could not work as that account.
base::Result<WorkerFilter> give_up_privileges(const Description& description, const Options& options, OwnFilter own);

}  // namespace tandem::daemon

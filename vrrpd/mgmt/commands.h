// SPDX-License-Identifier: Apache-2.0
// The commands of vrrpd besides those that every daemon has (lib/mgmt). Each subject has its own file with a function
// that returns its table (lib/mgmt/command_table.h).
#pragma once

#include "lib/mgmt/command_table.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

using tandem::mgmt::Access;
using tandem::mgmt::CommandSet;
using tandem::mgmt::Invocation;

CommandSet show_commands();
CommandSet debug_commands();
CommandSet interface_commands();

// All commands for the management service, whose control must be a mgmt::Control of this folder.
tandem::mgmt::DaemonCommands daemon_commands();

inline Control& control_of(const Invocation& in) { return tandem::mgmt::own_control<Control>(in); }

// The filter for the arguments `{interface IFNAME|(1-255)}`.
GroupSelection selection_of(const cli::Bindings& bindings);

}  // namespace tandem::vrrpd::mgmt

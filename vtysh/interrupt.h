// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a flag: it stops a running command, not the interactive shell.
#pragma once

namespace tandem::vtysh {

// From this call on Ctrl-C interrupts the shell's system calls instead of ending it, and Ctrl-Z does not stop it.
// Programs that the shell starts have the default actions.
void catch_interrupts();

bool interrupted();  // whether Ctrl-C was typed since forget_interrupt()
void forget_interrupt();

}  // namespace tandem::vtysh

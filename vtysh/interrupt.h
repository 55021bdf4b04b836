// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as something that can be asked about: an interactive shell must not end by it, and a command that is printing
// shall stop.
#pragma once

namespace tandem::vtysh {

// From now on Ctrl-C interrupts what the shell waits for, and not the shell; Ctrl-Z does not stop it in the middle of
// an answer. Programs that it starts react as ever.
void catch_interrupts();

bool interrupted();  // Ctrl-C since forget_interrupt()
void forget_interrupt();

}  // namespace tandem::vtysh

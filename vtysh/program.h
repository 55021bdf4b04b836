// SPDX-License-Identifier: Apache-2.0
// Programs of the system that the shell passes commands on to: ping and traceroute.
#pragma once

#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/match.h"

namespace tandem::vtysh {

// The words of a program's call, from those of the command: ping [ip|ipv6] HOST [source S] [count N] [dontfragment].
std::vector<std::string> ping_arguments(const cli::Match& match);
std::vector<std::string> traceroute_arguments(const cli::Match& match);

// Runs it with our terminal, waits for its end, and returns its exit status. Fails if there is no such program.
base::Result<int> run_program(const std::vector<std::string>& arguments);

}  // namespace tandem::vtysh

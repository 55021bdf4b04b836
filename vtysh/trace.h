// SPDX-License-Identifier: Apache-2.0
// What is said about a command besides its own output: prompt and line before it (-E), the time (-t), and a line in the
// file that $VTYSH_LOG names.
#pragma once

#include <string>
#include <string_view>

#include "vtysh/output.h"

namespace tandem::vtysh {

enum class Echo { none, commands };
enum class Timestamps { none, commands };

struct Trace {
  Echo echo = Echo::none;
  Timestamps timestamps = Timestamps::none;
  std::string log_file = {};  // empty: none; one that cannot be written is no reason to refuse commands

  void before(const std::string& prompt, std::string_view line, Output& out) const;
};

std::string user_name();  // of who runs the shell, or the number

}  // namespace tandem::vtysh

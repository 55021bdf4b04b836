// SPDX-License-Identifier: Apache-2.0
// Reports about commands besides their output: prompt and line (-E), the time (-t), and a line in the file $VTYSH_LOG.
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
  std::string log_file = {};  // empty: none; write errors are ignored

  void before(const std::string& prompt, std::string_view line, Output& out) const;
};

std::string user_name();  // of the shell's user; the number if it has no name

}  // namespace tandem::vtysh

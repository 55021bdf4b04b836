// SPDX-License-Identifier: Apache-2.0
#include "vtysh/script.h"

namespace tandem::vtysh {
namespace {

bool asks_for_help(const Shell& shell, std::string_view line) {
  const std::size_t end = line.find_last_not_of(" \t\r");
  return end != std::string_view::npos && line[end] == '?' && !shell.ends_in_text(line);
}

}  // namespace

LineResult run_lines(Shell& shell, std::string_view text, const Trace& trace, Output& out) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    trace.before(shell.prompt(), line, out);
    if (asks_for_help(shell, line)) {
      out.write(shell.help(line.substr(0, line.rfind('?'))));
      continue;
    }
    if (const LineResult result = shell.execute(line, out); result != LineResult::ok) {
      return result;
    }
  }
  return LineResult::ok;
}

}  // namespace tandem::vtysh

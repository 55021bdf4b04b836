// SPDX-License-Identifier: Apache-2.0
#include "vtysh/interactive.h"

#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <memory>

#include "vtysh/editor.h"
#include "vtysh/output.h"

namespace tandem::vtysh {
namespace {

std::size_t terminal_lines() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

std::unique_ptr<Output> make_output(const Shell& shell) {
  const std::size_t lines = shell.page_length().value_or(terminal_lines());
  if (lines == 0 || ::isatty(STDOUT_FILENO) == 0) {
    return std::make_unique<FileOutput>(stdout);
  }
  return std::make_unique<PagedOutput>(stdout, lines);
}

}  // namespace

void run_interactive(Shell& shell, Daemons& daemons, const std::string& history_file) {
  fmt::print("\nHello, this is Tandem (version {}).\n\n", TANDEM_VERSION);
  std::unique_ptr<Editor> editor;
  const auto on_readable = [&] {
    for (const std::string& lost : daemons.read_pending()) {
      editor->print_above(fmt::format("% {}; the next command connects again", lost));
    }
  };
  editor = std::make_unique<Editor>(EditorCallbacks{[&shell](std::string_view line) { return shell.help(line); },
                                                    [&shell](std::string_view line) { return shell.completions(line); },
                                                    [&daemons] { return daemons.descriptors(); }, on_readable},
                                    history_file);
  daemons.set_log_handler([&editor](const std::string& text) { editor->print_above(text); });
  while (const auto line = editor->read_line(shell.prompt())) {
    const auto output = make_output(shell);
    if (shell.execute(*line, *output) == LineResult::leave) {
      break;
    }
  }
  daemons.set_log_handler(nullptr);
}

void stream_log(Daemons& daemons) {
  daemons.set_log_handler([](const std::string& text) {
    fmt::print("{}\n", text);
    std::fflush(stdout);
  });
  for (;;) {
    for (const std::string& lost : daemons.read_pending()) {
      fmt::print(stderr, "{}\n", lost);
    }
    std::vector<pollfd> all;
    for (const int descriptor : daemons.descriptors()) {
      all.push_back({descriptor, POLLIN, 0});
    }
    if (all.empty() || ::poll(all.data(), all.size(), -1) < 0) {
      return;
    }
  }
}

}  // namespace tandem::vtysh

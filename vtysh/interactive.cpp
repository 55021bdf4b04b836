// SPDX-License-Identifier: Apache-2.0
#include "vtysh/interactive.h"

#include <poll.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "vtysh/editor.h"
#include "vtysh/interrupt.h"

namespace tandem::vtysh {
namespace {

// Prints the greetings of the daemons or, if they have none, our own; a daemon may ask for none at all.
void greet(const Daemons& daemons) {
  std::optional<std::string> text;
  for (std::size_t index = 0; index < daemons.size(); ++index) {
    if (const ipc::Welcome* const welcome = daemons.welcome(index); welcome != nullptr && welcome->motd) {
      text = text.value_or("") + *welcome->motd + (welcome->motd->empty() ? "" : "\n");
    }
  }
  if (!text || !text->empty()) {
    fmt::print("\n{}\n", text.value_or("Hello, this is Tandem (version " TANDEM_VERSION ").\n"));
  }
}

}  // namespace

void run_interactive(Shell& shell, Daemons& daemons, Console& console, const Settings& settings) {
  greet(daemons);
  catch_interrupts();
  std::unique_ptr<Editor> editor;
  const auto on_readable = [&] {
    for (const std::string& lost : daemons.read_pending()) {
      editor->print_above(fmt::format("% {}; the next command connects again", lost));
    }
  };
  editor = std::make_unique<Editor>(
      EditorCallbacks{[&shell](std::string_view line) { return shell.help(line); },
                      [&shell](std::string_view line) { return shell.completions(line); },
                      [&daemons] { return daemons.descriptors(); }, on_readable},
      EditorSettings{.history_file = settings.history_file, .idle_limit = settings.idle_limit});
  daemons.set_log_handler([&editor](const std::string& text) { editor->print_above(text); });
  for (bool open = true; open;) {
    const auto line = editor->read_line(shell.prompt());
    forget_interrupt();
    if (editor->is_typed_by_hand()) {
      console.set_attended();
    }
    const auto output = console.open_output(shell.page_length());
    if (!line) {
      open = !shell.close(*output) && !editor->is_over();
      continue;
    }
    settings.trace.before({}, *line, *output);
    open = shell.execute(*line, *output) != LineResult::leave;
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

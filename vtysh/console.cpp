// SPDX-License-Identifier: Apache-2.0
#include "vtysh/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "vtysh/interrupt.h"
#include "vtysh/live.h"
#include "vtysh/paint.h"

namespace tandem::vtysh {
namespace {

// Zeros if it is none.
winsize terminal_size() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size : winsize{};
}

// One line as the terminal itself edits it; nothing after Ctrl-C or Ctrl-D.
std::optional<std::string> read_answer() {
  std::string answer;
  char letter = 0;
  while (::read(STDIN_FILENO, &letter, 1) == 1) {
    if (letter == '\n') {
      return answer;
    }
    answer += letter;
  }
  return std::nullopt;
}

// Any beginning of the three words; nothing typed is the careful answer.
std::optional<Uncommitted> parse_answer(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, Uncommitted>, 3> kAnswers{
      {{"stay", Uncommitted::stay}, {"commit", Uncommitted::commit}, {"discard", Uncommitted::discard}}};
  for (const auto& [word, answer] : kAnswers) {
    if (word.starts_with(text)) {
      return answer;
    }
  }
  return std::nullopt;
}

class PaintedPages : public Output {
 public:
  PaintedPages(std::unique_ptr<Output> pages, const std::vector<ipc::Highlight>& highlights)
      : pages_(std::move(pages)), painted_(*pages_, highlights) {}
  void write(std::string_view text) override { painted_.write(text); }

 private:
  std::unique_ptr<Output> pages_;
  PaintedOutput painted_;
};

}  // namespace

Uncommitted Console::ask_about_changes() {
  if (purpose_ == Purpose::commands) {
    return Uncommitted::discard;
  }
  for (;;) {
    fmt::print("Uncommitted changes: commit, discard or stay? [stay] ");
    std::fflush(stdout);
    const auto text = read_answer();
    if (!text) {
      fmt::print("\n");
    }
    if (const auto answer = parse_answer(text.value_or("stay"))) {
      return *answer;
    }
  }
}

base::Result<> Console::show_live(const Picture& picture) {
  return run_live(picture, paints() ? daemons_.highlights() : std::vector<ipc::Highlight>());
}

std::uint32_t Console::columns() const { return terminal_size().ws_col; }

bool Console::interrupted() const { return vtysh::interrupted(); }

// As no-color.org has it.
bool Console::paints() const {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return colours_ == Colours::automatic && ::isatty(STDOUT_FILENO) == 1 &&
         (no_colour == nullptr || *no_colour == '\0') && terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::unique_ptr<Output> Console::open_output(std::optional<std::size_t> page_length) const {
  const std::size_t lines = purpose_ == Purpose::commands ? 0 : page_length.value_or(terminal_size().ws_row);
  const bool pages = lines > 0 && ::isatty(STDOUT_FILENO) == 1;
  std::unique_ptr<Output> output;
  if (pages) {
    output = std::make_unique<PagedOutput>(stdout, lines);
  } else {
    output = std::make_unique<FileOutput>(stdout);
  }
  if (!paints() || (pages && !pager_shows_colours())) {
    return output;
  }
  return std::make_unique<PaintedPages>(std::move(output), daemons_.highlights());
}

}  // namespace tandem::vtysh

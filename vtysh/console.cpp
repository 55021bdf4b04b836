// SPDX-License-Identifier: Apache-2.0
#include "vtysh/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "vtysh/interrupt.h"
#include "vtysh/live.h"
#include "vtysh/paint.h"

namespace tandem::vtysh {
namespace {

// Zeros if the output is not a terminal.
winsize terminal_size() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size : winsize{};
}

// One line, edited by the terminal itself; nullopt after Ctrl-C or Ctrl-D.
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

// Accepts any beginning of the three words; an empty answer means stay, which changes nothing.
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

bool knows_control_sequences() {
  const char* const value = std::getenv("TERM");
  const std::string_view terminal(value == nullptr ? "" : value);
  constexpr std::array<std::string_view, 4> kPlain{"", "dumb", "network", "unknown"};
  return std::ranges::find(kPlain, terminal) == kPlain.end() && !terminal.starts_with("vt");
}

// Follows no-color.org.
bool Console::paints() const {
  const char* no_colour = std::getenv("NO_COLOR");
  return colours_ == Colours::automatic && (attended_ || purpose_ == Purpose::commands) &&
         ::isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0') && knows_control_sequences();
}

// A terminal as high as netmiko's (1000 lines) belongs to a program.
std::size_t Console::screenful() const {
  constexpr std::size_t kLongestScreen = 500;
  const std::size_t lines = terminal_size().ws_row;
  return attended_ && lines < kLongestScreen ? lines : 0;
}

std::unique_ptr<Output> Console::open_output(std::optional<std::size_t> page_length) const {
  const std::size_t lines = purpose_ == Purpose::commands ? 0 : page_length.value_or(screenful());
  const bool pages = lines > 0 && ::isatty(STDOUT_FILENO) == 1;
  if (!pages) {
    auto output = std::make_unique<FileOutput>(stdout);
    return paints() ? std::make_unique<PaintedPages>(std::move(output), daemons_.highlights())
                    : std::unique_ptr<Output>(std::move(output));
  }
  auto output = std::make_unique<PagedOutput>(stdout, lines);
  return paints() && pager_shows_colours() ? std::make_unique<PaintedPages>(std::move(output), daemons_.highlights())
                                           : std::unique_ptr<Output>(std::move(output));
}

}  // namespace tandem::vtysh

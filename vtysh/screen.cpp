// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "vtysh/live.h"
#include "vtysh/paint.h"

namespace tandem::vtysh {
namespace {

constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kEndOfLine = "\x1b[K";  // clears the rest of an older picture
constexpr std::string_view kEndOfScreen = "\x1b[J";
constexpr std::string_view kReverse = "\x1b[7m";
constexpr std::string_view kPlain = "\x1b[0m";

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// The part that fits, in whole UTF-8 characters of one column each.
std::string_view cut(std::string_view line, std::size_t columns) {
  std::size_t taken = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const bool begins = (static_cast<unsigned char>(line[at]) & 0xc0) != 0x80;
    if (begins && taken++ == columns) {
      return line.substr(0, at);
    }
  }
  return line;
}

bool is_ruler(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  return begin != std::string::npos && line.find_first_not_of("- ", begin) == std::string::npos;
}

// The fixed lines at the top: those up to a line of dashes or, without one, up to the line of labels after the first
// blank line.
std::vector<std::string>::iterator end_of_heading(std::vector<std::string>& rows) {
  if (const auto ruler = std::ranges::find_if(rows, is_ruler); ruler != rows.end()) {
    return ruler + 1;
  }
  const auto blank = std::ranges::find(rows, std::string());
  return rows.end() - blank >= 2 ? blank + 2 : rows.begin();
}

enum class Key { none, quit, up, down, page_up, page_down, home, end };

struct Meaning {
  std::string_view keys;
  Key key;
};

// Longer ones first: each begins with Escape.
constexpr Meaning kMeanings[] = {
    {"\x1b[5~", Key::page_up},
    {"\x1b[6~", Key::page_down},
    {"\x1b[1~", Key::home},
    {"\x1b[4~", Key::end},
    {"\x1b[A", Key::up},
    {"\x1b[B", Key::down},
    {"\x1bOA", Key::up},
    {"\x1bOB", Key::down},
    {"\x1b[H", Key::home},
    {"\x1b[F", Key::end},
    {"k", Key::up},
    {"j", Key::down},
    {"b", Key::page_up},
    {" ", Key::page_down},
    {"g", Key::home},
    {"G", Key::end},
    {"q", Key::quit},
    {"Q", Key::quit},
    {"\x03", Key::quit},
};

// Removes and returns the first key; a byte without meaning is one key.
Key next_key(std::string_view& keys) {
  for (const Meaning& meaning : kMeanings) {
    if (keys.starts_with(meaning.keys)) {
      keys.remove_prefix(meaning.keys.size());
      return meaning.key;
    }
  }
  keys.remove_prefix(1);
  return Key::none;
}

}  // namespace

void Screen::set_text(std::string_view text) {
  rows_ = split_lines(text);
  heading_.clear();
  const auto heading = end_of_heading(rows_);
  heading_.assign(std::make_move_iterator(rows_.begin()), std::make_move_iterator(heading));
  rows_.erase(rows_.begin(), heading);
  scroll_to(first_);
}

std::size_t Screen::room() const {
  const std::size_t taken = heading_.size() + 1;  // with the last line
  return size_.lines > taken ? size_.lines - taken : 1;
}

void Screen::scroll_to(std::size_t first) {
  const std::size_t last = rows_.size() > room() ? rows_.size() - room() : 0;
  first_ = std::min(first, last);
}

Screen::Effect Screen::handle_keys(std::string_view keys) {
  Effect effect = Effect::none;
  while (!keys.empty()) {
    const Key key = next_key(keys);
    switch (key) {
      case Key::none:
        continue;
      case Key::quit:
        return Effect::quit;
      case Key::up:
        scroll_to(first_ > 0 ? first_ - 1 : 0);
        break;
      case Key::down:
        scroll_to(first_ + 1);
        break;
      case Key::page_up:
        scroll_to(first_ > room() ? first_ - room() : 0);
        break;
      case Key::page_down:
        scroll_to(first_ + room());
        break;
      case Key::home:
        scroll_to(0);
        break;
      case Key::end:
        scroll_to(rows_.size());
        break;
    }
    effect = Effect::repaint;
  }
  return effect;
}

std::string Screen::picture() {
  scroll_to(first_);
  std::string bytes(kHome);
  const auto add = [&](const std::string& line) { bytes.append(line).append(kEndOfLine).append("\r\n"); };
  const std::size_t heading = std::min(heading_.size(), size_.lines > 2 ? size_.lines - 2 : 0);
  for (std::size_t line = 0; line < heading; ++line) {
    add(paint(cut(heading_[line], size_.columns), highlights_));
  }
  const std::size_t last = std::min(first_ + room(), rows_.size());
  for (std::size_t row = first_; row < last; ++row) {
    add(paint_row(cut(rows_[row], size_.columns), highlights_));
  }
  const std::string keys = rows_.size() > room() ? fmt::format("rows {}-{} of {}   space, b: scroll   q: quit",
                                                               first_ + 1, last, rows_.size())
                                                 : std::string("q: quit");
  bytes.append(kEndOfScreen).append(kReverse).append(cut(keys, size_.columns)).append(kPlain);
  return bytes;
}

}  // namespace tandem::vtysh

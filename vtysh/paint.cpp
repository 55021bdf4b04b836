// SPDX-License-Identifier: Apache-2.0
#include "vtysh/paint.h"

#include <algorithm>

namespace tandem::vtysh {
namespace {

constexpr std::string_view kReset = "\x1b[0m";

std::string_view colour(ipc::Tone tone) {
  switch (tone) {
    case ipc::Tone::good:
      return "\x1b[32m";  // green
    case ipc::Tone::neutral:
      return "\x1b[36m";  // cyan: distinct from plain text, without alarm
    case ipc::Tone::bad:
      return "\x1b[31m";  // red
  }
  return {};
}

bool begins_value(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == ' ' || text[at - 1] == '\n';
}

bool ends_value(std::string_view after) {
  constexpr std::string_view kPunctuation = ":,;.)\r\n";
  return after.empty() || kPunctuation.find(after.front()) != std::string_view::npos || after.starts_with("  ") ||
         after == " " || after.starts_with(" \n");
}

using EndsValue = bool (*)(std::string_view after);

bool ends_word(std::string_view after) { return after.starts_with(' ') || ends_value(after); }

const ipc::Highlight* highlight_at(std::string_view rest, const std::vector<ipc::Highlight>& highlights,
                                   EndsValue ends) {
  const auto found = std::ranges::find_if(highlights, [&](const ipc::Highlight& highlight) {
    return !highlight.word.empty() && rest.starts_with(highlight.word) && ends(rest.substr(highlight.word.size()));
  });
  return found == highlights.end() ? nullptr : &*found;
}

std::string paint_words(std::string_view text, const std::vector<ipc::Highlight>& highlights, EndsValue ends) {
  std::string painted;
  painted.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const ipc::Highlight* found = begins_value(text, at) ? highlight_at(text.substr(at), highlights, ends) : nullptr;
    if (found != nullptr) {
      painted.append(colour(found->tone)).append(found->word).append(kReset);
      at += found->word.size();
    } else {
      painted += text[at++];
    }
  }
  return painted;
}

}  // namespace

std::string paint(std::string_view text, const std::vector<ipc::Highlight>& highlights) {
  return paint_words(text, highlights, &ends_value);
}

std::string paint_row(std::string_view text, const std::vector<ipc::Highlight>& highlights) {
  return paint_words(text, highlights, &ends_word);
}

PaintedOutput::~PaintedOutput() { next_.write(paint(rest_, highlights_)); }

void PaintedOutput::write(std::string_view text) {
  rest_ += text;
  if (const std::size_t end = rest_.rfind('\n'); end != std::string::npos) {
    next_.write(paint(std::string_view(rest_).substr(0, end + 1), highlights_));
    rest_.erase(0, end + 1);
  }
}

}  // namespace tandem::vtysh

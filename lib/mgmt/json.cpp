// SPDX-License-Identifier: Apache-2.0
#include "lib/mgmt/json.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "lib/base/check.h"

namespace tandem::mgmt::json {
namespace {

constexpr std::size_t kIndentation = 2;

// The letter behind the backslash, or 0 if the character stands for itself or is written as a number.
char short_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return '\0';
  }
}

bool is_plain(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

}  // namespace

void Writer::begin(char bracket) {
  begin_value();
  text_ += bracket;
  open_.push_back(false);
}

// Also what is empty ends on a line of its own.
void Writer::end(char bracket) {
  TANDEM_INVARIANT(!open_.empty() && !after_key_);
  open_.pop_back();
  next_line();
  text_ += bracket;
}

Writer& Writer::key(std::string_view key) {
  begin_value();
  quote(key);
  text_ += ':';
  after_key_ = true;
  return *this;
}

void Writer::text(std::string_view value) {
  begin_value();
  quote(value);
}

void Writer::number(std::uint64_t value) {
  begin_value();
  fmt::format_to(std::back_inserter(text_), "{}", value);
}

void Writer::boolean(bool value) {
  begin_value();
  text_ += value ? "true" : "false";
}

std::string Writer::take() {
  TANDEM_INVARIANT(open_.empty() && !after_key_);
  text_ += '\n';
  return std::exchange(text_, {});
}

std::string Writer::take_piece() {
  if (text_.size() < kPieceSize) {
    return {};
  }
  std::string piece = std::exchange(text_, {});
  text_.reserve(piece.capacity());
  return piece;
}

void Writer::begin_value() {
  if (std::exchange(after_key_, false) || open_.empty()) {
    return;
  }
  if (open_.back()) {
    text_ += ',';
  }
  open_.back() = true;
  next_line();
}

void Writer::next_line() {
  text_ += '\n';
  text_.append(kIndentation * open_.size(), ' ');
}

void Writer::quote(std::string_view text) {
  text_ += '"';
  while (!text.empty()) {
    std::size_t plain = 0;
    while (plain < text.size() && is_plain(text[plain])) {
      ++plain;
    }
    text_.append(text.substr(0, plain));
    if (plain < text.size()) {
      const char c = text[plain++];
      const char letter = short_escape(c);
      text_ += letter != '\0' ? std::string{'\\', letter} : fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    }
    text.remove_prefix(plain);
  }
  text_ += '"';
}

}  // namespace tandem::mgmt::json

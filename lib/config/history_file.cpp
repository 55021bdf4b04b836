// SPDX-License-Identifier: Apache-2.0
#include "lib/config/history_file.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "lib/config/limits.h"
#include "lib/log/printable.h"

namespace tandem::config {
namespace {

constexpr std::string_view kEnd = "end\n";

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 0 ? std::optional(value) : std::nullopt;
}

// Takes `! NAME VALUE` from the front.
std::optional<std::string> take_note(std::string_view& text, std::string_view name) {
  const std::string beginning = fmt::format("! {} ", name);
  const std::size_t end = text.find('\n');
  if (!text.starts_with(beginning) || end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string value(text.substr(beginning.size(), end - beginning.size()));
  text.remove_prefix(end + 1);
  return value;
}

// The notes at the beginning, in this order; all of them.
std::optional<Commit> take_commit(std::string_view& text) {
  constexpr std::array<std::string_view, 6> kNames{"commit", "time", "user", "pid", "what", "comment"};
  std::array<std::string, kNames.size()> notes;
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    auto note = take_note(text, kNames.at(i));
    if (!note) {
      return std::nullopt;
    }
    notes.at(i) = std::move(*note);
  }
  const auto id = number<std::int64_t>(notes[0]);
  const auto time = number<std::int64_t>(notes[1]);
  const auto pid = number<std::uint32_t>(notes[3]);
  if (!id || !time || !pid) {
    return std::nullopt;
  }
  return Commit{.id = static_cast<std::uint64_t>(*id),
                .when = base::WallTime(std::chrono::microseconds(*time)),
                .author = {one_line(notes[2]), *pid},
                .what = one_line(notes[4]),
                .comment = one_line(notes[5])};
}

}  // namespace

// One line of one line is the same.
std::string one_line(std::string_view text) {
  return std::string(log::beginning(log::printable(log::beginning(text, kMaxNote)), kMaxNote));
}

std::string print_entry(const Commit& commit, std::string_view configuration) {
  std::string text =
      fmt::format("! commit {}\n! time {}\n! user {}\n! pid {}\n! what {}\n! comment {}\n!\n", commit.id,
                  std::chrono::duration_cast<std::chrono::microseconds>(commit.when.time_since_epoch()).count(),
                  one_line(commit.author.user), commit.author.pid, one_line(commit.what), one_line(commit.comment));
  text.append(configuration).append(kEnd);
  return text;
}

std::optional<HistoryEntry> parse_entry(std::string_view text) {
  auto commit = take_commit(text);
  if (!commit || !text.starts_with("!\n") || !text.ends_with(kEnd)) {
    return std::nullopt;
  }
  text.remove_prefix(2);
  if (text.size() < kEnd.size()) {
    return std::nullopt;
  }
  text.remove_suffix(kEnd.size());
  return HistoryEntry{std::move(*commit), std::string(text)};
}

}  // namespace tandem::config

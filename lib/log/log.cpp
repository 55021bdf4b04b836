// SPDX-License-Identifier: Apache-2.0
#include "lib/log/log.h"

#include <algorithm>
#include <array>

#include "lib/log/printable.h"

namespace tandem::log {
namespace {

constexpr std::array<std::string_view, 8> kLevelNames{"emergencies", "alerts",        "critical",      "errors",
                                                      "warnings",    "notifications", "informational", "debugging"};

// Bytes of a line before non-printable ones are escaped. Our longest line is a packet with 255 addresses.
constexpr std::size_t kMaxText = 4096;

}  // namespace

std::string_view to_string(Level level) { return kLevelNames.at(static_cast<std::size_t>(level)); }

std::optional<Level> parse_level(std::string_view name) {
  const auto found = std::find(kLevelNames.begin(), kLevelNames.end(), name);
  if (found == kLevelNames.end()) {
    return std::nullopt;
  }
  return static_cast<Level>(found - kLevelNames.begin());
}

int Logger::add(std::unique_ptr<Sink> sink, Level threshold) {
  const int handle = next_handle_++;
  entries_.push_back({handle, threshold, std::move(sink)});
  tell_verbosity();
  return handle;
}

void Logger::set_threshold(int handle, Level threshold) {
  for (Entry& entry : entries_) {
    if (entry.handle == handle) {
      entry.threshold = threshold;
    }
  }
  tell_verbosity();
}

void Logger::remove(int handle) {
  std::erase_if(entries_, [handle](const Entry& entry) { return entry.handle == handle; });
  tell_verbosity();
}

void Logger::reopen() {
  for (const Entry& entry : entries_) {
    entry.sink->reopen();
  }
}

void Logger::flush(std::chrono::milliseconds time_of_each) {
  for (const Entry& entry : entries_) {
    entry.sink->flush(time_of_each);
  }
}

std::uint64_t Logger::dropped(int handle) const {
  const auto entry = std::ranges::find(entries_, handle, &Entry::handle);
  return entry != entries_.end() ? entry->sink->dropped() : 0;
}

bool Logger::enabled(Level level) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [level](const Entry& entry) { return level <= entry.threshold; });
}

void Logger::on_verbosity(std::function<void(Level)> handler) {
  on_verbosity_ = std::move(handler);
  tell_verbosity();
}

void Logger::tell_verbosity() const {
  if (!on_verbosity_) {
    return;
  }
  Level most_verbose = Level::emergencies;
  for (const Entry& entry : entries_) {
    most_verbose = std::max(most_verbose, entry.threshold);
  }
  on_verbosity_(most_verbose);
}

// One time and one text for all sinks: every destination has the same line. A text may quote an operator, a peer or a
// file; all of them pass here, so this function escapes them.
void Logger::emit(const Record& record) {
  const std::string text = printable(cut(record.text, kMaxText));
  Record shown = record;
  shown.text = text;
  shown.when = record.when.value_or(std::chrono::time_point_cast<base::Duration>(std::chrono::system_clock::now()));
  for (const Entry& entry : entries_) {
    if (shown.level <= entry.threshold) {
      entry.sink->write(shown);
    }
  }
}

}  // namespace tandem::log

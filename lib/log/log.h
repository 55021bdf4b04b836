// SPDX-License-Identifier: Apache-2.0
// Logging as a facade without I/O. A message is a constant with an id, a level, a text and an advice for the operator;
// each folder keeps those that it writes in its messages.h. Sinks take the lines to their destinations (lib/os/sinks.h).
// The catalogue (catalogue.h) lists all messages of a program.
//
//   inline constexpr Message kLinkDown{"IO-012", Level::warnings, "interface {}: link is down", "Check the cable."};
//   logger.write<kLinkDown>("eth1");        // format string checked at compile time
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/time.h"

namespace tandem::log {

// syslog's severities under the names FRR's commands use, most severe first.
enum class Level { emergencies, alerts, critical, errors, warnings, notifications, informational, debugging };
std::string_view to_string(Level level);
std::optional<Level> parse_level(std::string_view name);

struct Message {
  const char* id;  // stable: "CORE-003"
  Level level;
  const char* text;    // fmt format
  const char* advice;  // what the operator should do; empty: nothing
};

// Enters a message into the catalogue for the life of the program. Only static objects, made before main().
class CatalogueEntry {
 public:
  explicit CatalogueEntry(const Message& message);
  CatalogueEntry(const CatalogueEntry&) = delete;
  CatalogueEntry& operator=(const CatalogueEntry&) = delete;

  const Message& message() const { return message_; }
  const CatalogueEntry* next() const { return next_; }  // nullptr: the last

 private:
  const Message& message_;
  const CatalogueEntry* next_;
};

// The entry of a message; it exists in every program that mentions it.
template <const Message& M>
inline const CatalogueEntry kEntered{M};

struct Record {
  Level level;
  std::string_view id;
  std::string_view text;
  std::optional<base::WallTime> when = std::nullopt;  // nullopt: now; a Logger sets it for its sinks
};

class Sink {
 public:
  virtual ~Sink() = default;
  // Must not fail, block or log. The text is one line of bounded length that a terminal can show (printable.h).
  virtual void write(const Record& record) = 0;
  virtual void reopen() {}  // after log rotation
  // Waits until all records have reached their destination, at most that long.
  virtual void flush(std::chrono::milliseconds) {}
  virtual std::uint64_t dropped() const { return 0; }  // records that were lost
};

// Each sink has a threshold of its own; terminals that monitor are sinks too. A logger belongs to one thread. Another
// thread has a logger of its own, whose sink passes the records on (relay.h).
class Logger {
 public:
  Logger() = default;
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  // Returns a handle for set_threshold() and remove(). The logger owns the sink.
  int add(std::unique_ptr<Sink> sink, Level threshold);
  void set_threshold(int handle, Level threshold);
  void remove(int handle);
  void reopen();
  void flush(std::chrono::milliseconds time_of_each);
  std::uint64_t dropped(int handle) const;

  bool enabled(Level level) const;
  // Called with the most verbose level that any sink wants, now and whenever it has changed.
  void on_verbosity(std::function<void(Level)> handler);

  template <const Message& M, class... Args>
  void write(const Args&... args) {
    static_cast<void>(&kEntered<M>);
    if (enabled(M.level)) {
      constexpr fmt::format_string<const Args&...> format{std::string_view(M.text)};
      emit(M.level, M.id, fmt::format(format, args...));
    }
  }
  void emit(Level level, std::string_view id, std::string_view text) { emit(Record{level, id, text}); }
  void emit(const Record& record);

 private:
  void tell_verbosity() const;

  struct Entry {
    int handle;
    Level threshold;
    std::unique_ptr<Sink> sink;
  };
  std::vector<Entry> entries_;
  std::function<void(Level)> on_verbosity_;
  int next_handle_ = 1;
};

}  // namespace tandem::log

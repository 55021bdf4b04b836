// SPDX-License-Identifier: Apache-2.0
// Writes lines on a thread of its own, because the destination may hang: a disk, a pipe that no process reads. Threads
// that log never wait for it. Lines beyond kMaxLogBacklog are dropped and counted; once lines are written again, a line
// says how many were dropped.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "lib/base/result.h"

namespace tandem::os {

// Where the lines go. Used by the writer's thread only.
class Outlet {
 public:
  virtual ~Outlet() = default;
  // The writer polls it for POLLOUT before each write(); -1: none.
  virtual int descriptor() const = 0;
  // Returns the number of bytes written, at least one. On an error other than EAGAIN the line is dropped.
  virtual base::Result<std::size_t> write(std::string_view text) = 0;
  virtual void reopen() {}
};

class LineWriter {
 public:
  using NoteOf = std::function<std::string(std::uint64_t)>;  // makes the line about that many dropped lines

  LineWriter(std::unique_ptr<Outlet> outlet, NoteOf note_of);
  ~LineWriter();  // writes the last lines for up to kLastLines; an outlet that hangs is abandoned with its thread
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void write(std::string line);
  void reopen();                                  // between two lines
  void flush(std::chrono::milliseconds timeout);  // waits until all is written, at most that long
  std::uint64_t dropped() const;

 private:
  struct State;

  std::shared_ptr<State> state_;  // shared with the thread, which may outlive this object in a write that hangs
  std::thread thread_;
};

}  // namespace tandem::os

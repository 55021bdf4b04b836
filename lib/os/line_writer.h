// SPDX-License-Identifier: Apache-2.0
// A thread that writes lines to where that may take long: to a disk that hangs, to a pipe that no process reads. Who
// logs never waits for it. What finds no room (kMaxLogBacklog) is dropped and counted, and a line says how many were
// dropped as soon as lines are written again.
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
  // What is waited for (POLLOUT) before each write(); -1: nothing.
  virtual int descriptor() const = 0;
  // How many bytes were written, at least one. An error other than EAGAIN loses the line.
  virtual base::Result<std::size_t> write(std::string_view text) = 0;
  virtual void reopen() {}
};

class LineWriter {
 public:
  using NoteOf = std::function<std::string(std::uint64_t)>;  // the line about so many that were dropped

  LineWriter(std::unique_ptr<Outlet> outlet, NoteOf note_of);
  ~LineWriter();  // gives the last lines the time kLastLines, and leaves an outlet that hangs alone
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void write(std::string line);
  void reopen();                               // between two lines
  void flush(std::chrono::milliseconds time);  // waits until all is written, at most so long
  std::uint64_t dropped() const;

 private:
  struct State;

  std::shared_ptr<State> state_;  // the thread's too, which may be left in a write that hangs
  std::thread thread_;
};

}  // namespace tandem::os

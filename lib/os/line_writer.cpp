// SPDX-License-Identifier: Apache-2.0
#include "lib/os/line_writer.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <utility>

#include "lib/os/fd.h"
#include "lib/os/limits.h"

namespace tandem::os {
namespace {

constexpr int kUnwokenLook = 50;  // milliseconds

struct Line {
  std::string text;
  std::uint64_t note_about = 0;  // so many lines that were dropped; 0: it is one of the log's own
};

// Blocks all signals but SIGSYS, which reports a refused system call of the thread itself.
class NoSignals {
 public:
  NoSignals() {
    sigset_t all;
    ::sigfillset(&all);
    ::sigdelset(&all, SIGSYS);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  NoSignals(const NoSignals&) = delete;
  NoSignals& operator=(const NoSignals&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace

struct LineWriter::State {
  std::unique_ptr<Outlet> outlet;
  NoteOf note_of;
  // Wakes the thread. Without a descriptor for it the thread polls.
  FileDescriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};

  mutable std::mutex mutex;
  std::condition_variable idle_changed;
  std::deque<Line> lines;
  std::size_t bytes = 0;
  std::uint64_t dropped = 0;
  std::uint64_t missed = 0;  // of those: not written about yet
  bool healthy = true;       // the last write has succeeded
  bool idle = true;          // nothing is being written, and nothing waits
  bool writing = false;      // in a system call that may hang
  bool reopen = false;
  bool abandoned = false;

  void wake_up() const { static_cast<void>(::eventfd_write(wake.get(), 1)); }
  void push(Line line);
  void push_note();
  void lose(const Line& line);
  bool next(Line& line);
  void work();
  void write(const Line& line);
  enum class Wait { writable, woken };
  Wait wait(int descriptor) const;
};

// The caller holds the mutex.
void LineWriter::State::push(Line line) {
  bytes += line.text.size();
  lines.push_back(std::move(line));
  idle = false;
}

void LineWriter::State::push_note() {
  const std::uint64_t count = std::exchange(missed, 0);
  push({note_of(count), count});
}

void LineWriter::State::lose(const Line& line) {
  missed += line.note_about != 0 ? line.note_about : 1;
  dropped += line.note_about != 0 ? 0 : 1;
}

// Returns when the descriptor is writable (unless it is -1) or wake() was called.
LineWriter::State::Wait LineWriter::State::wait(int descriptor) const {
  std::array<pollfd, 2> sources{pollfd{wake.get(), POLLIN, 0}, pollfd{descriptor, POLLOUT, 0}};
  static_cast<void>(::poll(sources.data(), sources.size(), wake.is_open() ? -1 : kUnwokenLook));
  if (sources[0].revents != 0) {
    eventfd_t count = 0;
    static_cast<void>(::eventfd_read(wake.get(), &count));
  }
  return sources[1].revents != 0 ? Wait::writable : Wait::woken;
}

// Waits for the next line. False: there will be none.
bool LineWriter::State::next(Line& line) {
  for (;;) {
    std::unique_lock lock(mutex);
    if (abandoned) {
      return false;
    }
    if (reopen) {
      reopen = false;
      writing = true;
      lock.unlock();
      outlet->reopen();
      lock.lock();
      writing = false;
      continue;
    }
    if (lines.empty() && missed != 0 && healthy) {
      push_note();
    }
    if (!lines.empty()) {
      line = std::move(lines.front());
      lines.pop_front();
      bytes -= line.text.size();
      return true;
    }
    idle = true;
    idle_changed.notify_all();
    lock.unlock();
    wait(-1);
  }
}

void LineWriter::State::write(const Line& line) {
  std::string_view left = line.text;
  while (!left.empty()) {
    const int descriptor = outlet->descriptor();
    if (descriptor >= 0 && wait(descriptor) != Wait::writable) {
      const std::scoped_lock lock(mutex);
      if (abandoned) {
        return;
      }
      continue;
    }
    std::unique_lock lock(mutex);
    if (abandoned) {
      return;
    }
    writing = true;
    lock.unlock();
    const auto written = outlet->write(left);
    lock.lock();
    writing = false;
    if (!written && written.error().code == EAGAIN) {
      continue;
    }
    healthy = written.has_value();
    if (!healthy) {
      return lose(line);
    }
    left.remove_prefix(*written);
  }
}

void LineWriter::State::work() {
  for (Line line; next(line);) {
    write(line);
  }
}

LineWriter::LineWriter(std::unique_ptr<Outlet> outlet, NoteOf note_of) : state_(std::make_shared<State>()) {
  state_->outlet = std::move(outlet);
  state_->note_of = std::move(note_of);
  const NoSignals for_it;
  thread_ = std::thread([state = state_] { state->work(); });
  ::pthread_setname_np(thread_.native_handle(), "log");
}

LineWriter::~LineWriter() {
  flush(kLastLines);
  std::unique_lock lock(state_->mutex);
  state_->abandoned = true;
  state_->wake_up();
  const bool hangs = state_->writing;
  lock.unlock();
  if (hangs) {
    thread_.detach();
  } else {
    thread_.join();
  }
}

void LineWriter::write(std::string line) {
  const std::scoped_lock lock(state_->mutex);
  State& state = *state_;
  const bool was_idle = state.idle;
  // After a drop, lines are accepted again when half of the room is free: otherwise every second line would be a note.
  if (state.bytes + line.size() > (state.missed == 0 ? kMaxLogBacklog : kMaxLogBacklog / 2)) {
    return state.lose({});
  }
  if (state.missed != 0 && state.healthy) {
    state.push_note();
  }
  state.push({std::move(line)});
  if (was_idle) {
    state.wake_up();
  }
}

void LineWriter::reopen() {
  const std::scoped_lock lock(state_->mutex);
  state_->reopen = true;
  state_->wake_up();
}

void LineWriter::flush(std::chrono::milliseconds time) {
  std::unique_lock lock(state_->mutex);
  state_->idle_changed.wait_for(lock, time, [this] { return state_->idle && !state_->reopen; });
}

std::uint64_t LineWriter::dropped() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->dropped;
}

}  // namespace tandem::os

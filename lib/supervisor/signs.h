// SPDX-License-Identifier: Apache-2.0
// Whether a worker lives, by what it has written into the shared memory. A worker gone mad may have written anything
// there: nothing of it makes the supervisor wait for longer than a limit (limits.h). Times are microseconds of
// CLOCK_MONOTONIC; nothing here asks for them.
#pragma once

#include <cstdint>
#include <limits>

#include "lib/supervisor/shared.h"

namespace tandem::supervisor {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

class SignsOfLife {
 public:
  using Time = std::int64_t;

  // A worker starts, which may be silent for so long until its first sign of life; kNever: it reads its first
  // configuration, and no host depends on it yet.
  void begin(Time now, Time start_patience);
  // How long the next worker may be silent while it starts, when the one before had this patience. While it starts the
  // kernel goes on answering for what that one had, unless that was fenced; after three intervals without adverts a
  // peer answers too.
  static Time start_patience(const Header& header);

  // Takes up what is new. `now`: asked for after whatever the worker may have written.
  void look(const Header& header, Time now);
  // What has been silence until now does not count: the machine slept, or the worker waits for the kernel.
  void forgive(Time now);
  void told_to_stop() { told_to_stop_ = true; }
  // It has applied its configuration.
  void ready(Time now);

  // ---- the protocol's thread

  Time beat() const { return beat_; }                             // its last sign of life; 0: none yet
  Time alive() const { return beat_ > since_ ? beat_ : since_; }  // since when it is silent
  Time deadline() const;                                          // from when on it is held for dead

  // ---- management's thread. Of a worker that has nothing to go on with it is watched when it has applied its first
  // configuration, of others as soon as the protocol runs.

  Time management_deadline() const;
  Time management_alive() const { return management_alive_; }
  void forgive_management(Time now) { management_alive_ = now; }

 private:
  Time patience() const;

  Time since_ = 0;
  Time start_patience_ = kNever;
  Time patience_ = 0;
  Time beat_ = 0;
  Time management_alive_ = 0;  // 0: its time has not begun
  Phase phase_ = Phase::starting;
  bool ready_ = false;
  bool told_to_stop_ = false;
};

}  // namespace tandem::supervisor

// SPDX-License-Identifier: Apache-2.0
// The process of a worker as its parent sees it: a pidfd, which names this process also when its number is used again,
// and its stat file, which says what it is doing. Allocates nothing.
#pragma once

#include <sys/types.h>

#include <string_view>

#include "lib/os/fd.h"
#include "lib/supervisor/limits.h"

namespace tandem::supervisor {

enum class ProcessState {
  running,    // or it waits for a processor
  in_kernel,  // no signal ends it there
  other,      // it waits for an event, was stopped, has ended, or its state could not be read
};

// Of a process or thread, from the text of its stat file (proc(5)).
ProcessState state_in(std::string_view stat);

class WorkerProcess {
 public:
  WorkerProcess() = default;  // there is none
  // `pid`: a child, which has not been waited for. Not open if there is no such process, or no free descriptor.
  static WorkerProcess open(pid_t pid);

  bool is_open() const { return process_.is_open(); }
  int descriptor() const { return process_.get(); }  // readable when the process ends; -1: there is none

  void signal(int number) const;
  // Whether it ends within that time.
  bool await_exit(milliseconds at_most) const;

  ProcessState state() const;
  ProcessState state_of_thread(pid_t thread) const;

  struct Ended {
    bool exited;  // else by a signal
    int number;   // exit status or signal
  };
  // Waits for its end. There is no process afterwards.
  Ended reap();

 private:
  pid_t pid_ = 0;
  os::FileDescriptor process_;  // the pidfd
  os::FileDescriptor stat_;     // /proc/PID/stat; closed if that cannot be had
};

}  // namespace tandem::supervisor

// SPDX-License-Identifier: Apache-2.0
// A file with the process id of a running daemon, readable by all users, and a lock file beside it, which only the
// daemon's user may open: no other user can hold that lock (doc/decisions/0029). The lock ends with the daemon's
// processes: it stops a second daemon, and a PID file that a crash has left has no effect.
#pragma once

#include <sys/types.h>

#include <string>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

class PidFile {
 public:
  struct Descriptors {
    int file = -1;
    int lock = -1;  // -1: of a version that locked the PID file itself
  };

  // Fails if another process holds the lock ("already running as process 123 …"). Waits if that process only cleans up
  // after a dead daemon. Call after daemonizing: the lock belongs to the calling process.
  static base::Result<PidFile> create(const std::string& path);
  ~PidFile();  // removes the files; truncates the PID file where removal is not permitted
  // For a process that was executed by a daemon: takes over the descriptors() of the program before.
  static PidFile adopt(const std::string& path, const Descriptors& descriptors);
  Descriptors descriptors() const { return {file_.get(), lock_.get()}; }

  // In a child: leaves the files to the parent. The lock holds until both have ended.
  void leave_to_parent() { path_.clear(); }
  PidFile(PidFile&&) noexcept = default;
  PidFile& operator=(PidFile&&) = delete;

 private:
  PidFile(std::string path, FileDescriptor file, FileDescriptor lock)
      : path_(std::move(path)), file_(std::move(file)), lock_(std::move(lock)) {}

  std::string path_;
  FileDescriptor file_;
  FileDescriptor lock_;
};

// The running daemon of a PID file: the process that holds the lock, whatever the file says. A signal through the pidfd
// reaches that process or none.
struct RunningProcess {
  pid_t pid;
  FileDescriptor descriptor;  // a pidfd

  base::Result<> signal(int number) const;
  bool has_ended() const;
};
base::Result<RunningProcess> find_running(const std::string& pid_file);

}  // namespace tandem::os

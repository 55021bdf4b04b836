// SPDX-License-Identifier: Apache-2.0
// A file with the process id of a running daemon, which everybody may read, and beside it a lock file, which only the
// daemon's user may open: no other user can hold that lock (doc/decisions/0029). The lock lasts as long as the daemon's
// processes, so that a second daemon notices, and a file that a crash has left does not count.
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

  // Fails if another process holds the lock ("already running as process 123 …"); if that is what a dead process has
  // left behind to clean up after it, its end is awaited. Call after daemonizing: the lock is this process's.
  static base::Result<PidFile> create(const std::string& path);
  ~PidFile();  // removes the files; empties the first where it may not
  // Of this process before it executed another program: the descriptors() that it had.
  static PidFile adopt(const std::string& path, const Descriptors& descriptors);
  Descriptors descriptors() const { return {file_.get(), lock_.get()}; }

  // In a child: the files are the parent's and stay, but the lock holds until both have ended.
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

// The running daemon of a PID file: the process that holds the lock, whatever the file says. Signals sent by the
// descriptor reach that process or none.
struct RunningProcess {
  pid_t pid;
  FileDescriptor descriptor;  // a pidfd

  base::Result<> signal(int number) const;
  bool has_ended() const;
};
base::Result<RunningProcess> find_running(const std::string& pid_file);

}  // namespace tandem::os

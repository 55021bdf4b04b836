// SPDX-License-Identifier: Apache-2.0
// A file with the process id of a running daemon, locked as long as that daemon lives, so that a second one notices,
// and a file left by a crash does not count.
#pragma once

#include <string>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

class PidFile {
 public:
  // Fails if another process holds the lock ("… is locked by process 123 …"); if that is what a dead process has left
  // behind to clean up after it, its end is awaited. Call after daemonizing: the lock is this process's.
  static base::Result<PidFile> create(const std::string& path);
  ~PidFile();  // removes the file; empties it where it may not
  // Of this process before it executed another program: the descriptor() that it had.
  static PidFile adopt(std::string path, int descriptor) { return {std::move(path), FileDescriptor(descriptor)}; }
  int descriptor() const { return file_.get(); }

  // In a child: the file is the parent's and stays, but the lock holds until both have ended.
  void leave_to_parent() { path_.clear(); }
  PidFile(PidFile&&) noexcept = default;
  PidFile& operator=(PidFile&&) = delete;

 private:
  PidFile(std::string path, FileDescriptor file) : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  FileDescriptor file_;
};

}  // namespace tandem::os

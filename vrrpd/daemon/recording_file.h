// SPDX-License-Identifier: Apache-2.0
// Where a recording goes: a new file, written by the management thread, with limits on its size and on what waits to be
// written. The protocol's thread only asks whether there is room. Both threads hold it (doc/decisions/): the protocol's
// hands over text until it is told to stop, and the last text is written after that.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/log/log.h"
#include "lib/os/fd.h"

namespace tandem::vrrpd::daemon {

class RecordingFile {
 public:
  // Below one of the directories. Never overwrites: a recording may have been waited for for weeks.
  static base::Result<std::shared_ptr<RecordingFile>> create(log::Logger& logger, const std::string& path,
                                                             const std::vector<std::string>& directories);

  // On the protocol's thread: whether so much more text will be written. No for good once it has been no.
  bool reserve(std::size_t size);

  // On the management thread:
  void append(const std::string& text);
  bool has_ended() const { return ended_; }  // by itself; the log says why
  const std::string& path() const { return path_; }

 private:
  RecordingFile(log::Logger& logger, std::string path, os::FileDescriptor file)
      : logger_(logger), path_(std::move(path)), file_(std::move(file)) {}
  void end(std::string_view why);

  log::Logger& logger_;
  std::string path_;
  os::FileDescriptor file_;
  std::uint64_t size_ = 0;
  std::atomic<std::size_t> backlog_ = 0;
  std::atomic<bool> full_ = false;  // the protocol's thread was told no
  std::atomic<bool> ended_ = false;
};

}  // namespace tandem::vrrpd::daemon

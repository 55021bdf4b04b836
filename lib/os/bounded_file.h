// SPDX-License-Identifier: Apache-2.0
// A new file with limits on its size and on the text that waits to be written. One thread, which must not wait, makes
// the text and asks whether there is room; another one writes it. Both hold the file (doc/decisions/0013): the first hands over
// text until it is told to stop, and the last text is written after that.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

class BoundedFile {
 public:
  struct Limits {
    std::uint64_t size;   // of the file
    std::size_t backlog;  // bytes that were reserved and are not written yet
  };
  // Below one of the directories. Never overwrites a file.
  static base::Result<std::shared_ptr<BoundedFile>> create(const std::string& path,
                                                           const std::vector<std::string>& directories,
                                                           const Limits& limits);

  // On the first thread: whether so much more text will be written. Once the answer was no it stays no: the file would
  // have a hole.
  bool reserve(std::size_t size);

  // On the second thread. Each text was reserved before. Returns why the file ends with this text, or without it; none:
  // it goes on, or has ended before.
  std::optional<std::string> append(const std::string& text);
  bool has_ended() const { return ended_; }
  const std::string& path() const { return path_; }

 private:
  BoundedFile(std::string path, FileDescriptor file, const Limits& limits)
      : path_(std::move(path)), file_(std::move(file)), limits_(limits) {}
  std::string end(std::string why);

  std::string path_;
  FileDescriptor file_;
  Limits limits_;
  std::uint64_t size_ = 0;
  std::atomic<std::size_t> backlog_ = 0;
  std::atomic<bool> full_ = false;  // the first thread was told no
  std::atomic<bool> ended_ = false;
};

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// The owner of an open file descriptor.
#pragma once

namespace tandem::os {

class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}  // takes ownership; negative: none
  ~FileDescriptor() { reset(); }
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;

  int get() const { return descriptor_; }
  bool is_open() const { return descriptor_ >= 0; }
  int release();  // gives up ownership without closing it
  void reset();   // closes it

 private:
  int descriptor_ = -1;
};

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
// The memory that supervisor and worker share. The worker writes its heartbeats, what the next worker needs to go on
// (configuration, and one slot for each of the daemon's objects), and what the fence needs when the worker is dead. The
// supervisor writes how the last worker ended.
//
// The memory is a file in the runtime directory if that is a tmpfs, and then outlives both processes; else it is
// anonymous. Another version of the program can read it: a table says where everything is (layout.h), the header only
// grows at its end, and the contents of slots have numbered fields. A file of another boot or network namespace is not
// used. A faulty worker may have overwritten all of it: readers check what they read.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "lib/base/result.h"
#include "lib/base/time.h"
#include "lib/os/fd.h"
#include "lib/supervisor/cell.h"
#include "lib/supervisor/header.h"
#include "lib/supervisor/memory_layout.h"
#include "lib/supervisor/types.h"

namespace tandem::supervisor {

// A file in memory.
class Mapping {
 public:
  Mapping() = default;
  // Empty if it cannot be had.
  Mapping(int file, std::size_t size);
  ~Mapping();
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  std::span<std::byte> bytes() const { return bytes_; }

 private:
  std::span<std::byte> bytes_;
};

class Shared {
 public:
  // `path`: of the file. A file that cannot be used is replaced. Precondition: the caller holds the PID file, so that
  // no other process uses the file.
  static base::Result<Shared> open(const std::string& path, const MemoryLayout& layout);
  // `descriptor`: descriptor() of the program that this one has replaced (exec). Changes nothing in that memory. If it
  // has other sizes, the result is empty memory until import(). Fails if this version cannot read it.
  static base::Result<Shared> adopt(int descriptor, const std::string& path, const MemoryLayout& layout);

  // Takes over what has been handed over, if it is not here already. No process writes to that any more.
  void import();

  Header& header() const;
  Blob configuration() const;  // in the daemon's own format
  Blob text() const;           // as commands
  // One for each of the daemon's objects, in the daemon's own format.
  std::size_t slots() const { return layout_.slots; }
  Blob slot(std::size_t place) const;
  // What the fence has to know of the object in a slot: fence_records_per_slot elements, the first of them at number
  // place * fence_records_per_slot. fence_records_used(): those of slots that were ever written.
  std::size_t fence_records_used() const;
  std::span<std::byte> fence_record(std::size_t number) const;

  // Whether a former supervisor has left it.
  bool is_inherited() const { return inherited_; }
  // Gets memory for what is about to be written there; without it the write could end the process. False: there is
  // none.
  bool reserve(std::span<const std::byte> where) const;
  bool reserve_slots(std::size_t first, std::size_t count) const;  // and their fence records
  // Forgets slots, fence records and configuration.
  void clear() const;
  void remove_file() const;
  int descriptor() const { return file_.get(); }

 private:
  explicit Shared(const MemoryLayout& layout) : layout_(layout) {}
  static base::Result<Shared> make(const std::string& path, const MemoryLayout& layout);
  void import_blob(std::span<const std::byte> value, const Blob& to) const;
  void locate();
  bool reserve_heads() const;

  MemoryLayout layout_;
  os::FileDescriptor file_;
  Mapping memory_;
  std::span<std::byte> header_;  // these five are parts of it
  std::span<std::byte> configuration_;
  std::span<std::byte> text_;
  std::span<std::byte> slots_;
  std::span<std::byte> fence_records_;
  std::optional<Mapping> handed_over_;  // of other sizes
  std::string path_;                    // empty: it has none
  bool inherited_ = false;
};

std::int64_t monotonic_microseconds();

}  // namespace tandem::supervisor

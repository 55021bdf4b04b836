// SPDX-License-Identifier: Apache-2.0
// The memory that supervisor and worker share. The worker writes what is needed when it is no more: whether it lives,
// what its routers are doing, what runs, and the frames that resign for it. The supervisor reads that, and tells the
// next worker what has become of the one before.
//
// It is a file in the runtime directory if that is in memory (tmpfs), and outlives both processes then; else anonymous.
// Another version of the program can read it: a table says where everything is (layout.h), the header only grows at its
// end, and what is in the slots has numbered fields (vrrpd/checkpoint). A file of another boot or network namespace is
// not used. All of it may have been overwritten by a worker gone mad: what is read is checked.
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "lib/base/result.h"
#include "lib/base/time.h"
#include "lib/os/fd.h"
#include "vrrpd/supervisor/cell.h"
#include "vrrpd/supervisor/limits.h"

namespace tandem::vrrpd::supervisor {

// What the worker is doing.
enum class Phase : std::uint32_t {
  starting,  // has no loop that could give signs of life
  running,
  stopping,  // abdicates: no signs of life either
};

// Why a worker was replaced.
enum class Cause : std::uint32_t {
  none,
  exited,
  killed,
  hung,
  lost,  // its supervisor ended too, unseen
  management_hung,
};
struct End {
  Cause cause;
  std::int32_t number;     // exit status or signal
  std::int64_t wall_time;  // microseconds since 1970
  std::int32_t pid;
  std::uint32_t fenced;  // whether its macvlans were deleted and priority 0 was sent
};
// "process 5 killed by signal 9 (Killed)", "process 5 gave no sign of life for 200 ms".
std::string to_string(const End& end);

// Another version reads it: new fields at the end only, zero means what was before they were there.
struct Header {
  // ---- written by the worker
  std::atomic<Phase> phase;
  std::atomic<std::uint32_t> ready;             // the configuration has been applied
  std::atomic<std::int64_t> beat;               // when it last gave a sign of life; microseconds of CLOCK_MONOTONIC
  std::atomic<std::int64_t> patience;           // how long it may be silent, microseconds
  std::atomic<std::int64_t> management_beat;    // the same of management's thread
  std::atomic<std::int32_t> management_thread;  // its thread id
  std::array<std::atomic<std::uint32_t>, kMaxForeign> foreign;  // indices of macvlans that are used but not in a group
  std::atomic<std::uint32_t> slots_used;                        // only so many have ever been written

  // ---- written by the supervisor
  std::atomic<std::uint32_t> workers;  // started so far, by this and former supervisors
  std::atomic<std::uint32_t> fenced;   // the last worker's routers have resigned: none of them may go on as Master
  std::atomic<std::uint32_t> fences;   // how often that happened
  Cell<End> last_end;
};

// An Ethernet frame that resigns. Written in place: what is torn is not sent.
struct Frame {
  std::atomic<std::uint32_t> interface;  // index of the parent; 0: there is none
  std::uint32_t size;
  std::uint64_t check;
  std::array<std::byte, kFrameSize> bytes;
};

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
  // `path`: of the file. Whatever cannot be used of it is replaced. The caller holds the PID file: no other uses it.
  static base::Result<Shared> open(const std::string& path);
  // What the program that this one has replaced (exec) has handed over: the descriptor(). Nothing in it is changed. If
  // its sizes are not ours, this is empty memory until import(). Fails if this version cannot read it.
  static base::Result<Shared> adopt(int descriptor, const std::string& path);

  // Takes over what has been handed over, if it is not here already. No process writes to that any more.
  void import();

  Header& header() const;
  Blob configuration() const;  // as the protocol needs it (vrrpd/checkpoint)
  Blob text() const;           // as commands
  // One for each virtual router, as its worker last saw it.
  std::size_t slots() const;
  Blob slot(std::size_t place) const;
  // The frames that resign for the router in a slot: 2 * place, and the one after it.
  std::size_t frames() const;
  Frame& frame(std::size_t number) const;

  // Whether a former supervisor has left it.
  bool is_inherited() const { return inherited_; }
  // Gets memory for what is about to be written there; without it the write could end the process. False: there is
  // none.
  bool reserve(std::span<const std::byte> where) const;
  bool reserve_slots(std::size_t first, std::size_t count) const;  // and their frames
  // Forgets all routers and frames, and what was configured.
  void clear() const;
  void remove_file() const;
  int descriptor() const { return file_.get(); }

 private:
  Shared() = default;
  static base::Result<Shared> make(const std::string& path);
  void import_blob(std::span<const std::byte> value, const Blob& to) const;
  void locate();
  bool reserve_heads() const;

  os::FileDescriptor file_;
  Mapping memory_;
  std::span<std::byte> header_;  // these five are parts of it
  std::span<std::byte> configuration_;
  std::span<std::byte> text_;
  std::span<std::byte> slots_;
  std::span<std::byte> frames_;
  std::optional<Mapping> handed_over_;  // of other sizes
  std::string path_;                    // empty: it has none
  bool inherited_ = false;
};

std::int64_t monotonic_microseconds();

}  // namespace tandem::vrrpd::supervisor

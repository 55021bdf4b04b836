// SPDX-License-Identifier: Apache-2.0
// Restricts the system calls of a process and of its children, for good (seccomp(2)). A call that is not allowed fails
// with ENOSYS, as on a kernel that does not have it, and the process continues (doc/decisions/0021-system-calls.md).
//
// Builds with a sanitizer are not restricted, because its runtime makes calls that the program does not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::os {

// True if (argument & mask) == value; arguments count from 0.
struct ArgumentTest {
  unsigned argument;
  std::uint64_t mask;
  std::uint64_t value;
};

struct AllowedCall {
  const char* name;  // as in syscalls(2); a call that this architecture does not have is skipped
  std::optional<ArgumentTest> only_if = std::nullopt;  // several rows of a name: one that is true suffices
};

struct SystemCalls {
  std::vector<AllowedCall> allowed;
  std::vector<const char*> missing;  // refused without a report: their callers have another way
};

// The names that libseccomp does not know for any architecture.
std::vector<std::string> unknown_names(const SystemCalls& calls);

class SystemCallFilter {
 public:
  enum class Refusals {
    reported,  // by SIGSYS to RefusedCalls (below)
    audited,   // in the kernel's audit log only: for a process that executes another program, which SIGSYS would kill
  };
  // For the architecture of this process.
  static base::Result<SystemCallFilter> compile(const SystemCalls& calls, Refusals refusals);

  // For all threads of the process. Requires no_new_privs (privileges.h). Fails if the kernel has no seccomp.
  base::Result<> install() const;

 private:
  SystemCallFilter(std::vector<std::byte> program, unsigned flags) : program_(std::move(program)), flags_(flags) {}

  std::vector<std::byte> program_;  // BPF
  unsigned flags_;                  // of seccomp(2)
};

// The refused calls, for the log. One object per process, created before install(). The kernel reports each call by
// SIGSYS: it kills a thread that blocks that signal.
class RefusedCalls {
 public:
  static base::Result<RefusedCalls> watch();
  ~RefusedCalls();
  RefusedCalls(RefusedCalls&&) noexcept = default;
  RefusedCalls& operator=(RefusedCalls&&) = delete;

  int descriptor() const { return wake_.get(); }  // readable when there are new ones

  struct Call {
    int number;
    std::string name;  // "ptrace"; "?" if it has none that is known here
  };
  // The calls that were not returned before: each number once.
  std::vector<Call> take();

 private:
  explicit RefusedCalls(FileDescriptor wake) : wake_(std::move(wake)) {}

  FileDescriptor wake_;
};

// Why this build refuses no system call; empty: it does.
const char* reason_for_no_filter();

}  // namespace tandem::os

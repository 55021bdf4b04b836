// SPDX-License-Identifier: Apache-2.0
// Which system calls a process may still make (seccomp(2)), for good and for all that it starts. A call that is not
// allowed is not made: it fails with ENOSYS, as on a kernel that does not have it, and the process goes on
// (doc/decisions/0021-system-calls.md).
//
// A program that is built with a sanitizer is not restricted: what the sanitizer does is not the program's.
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

// Of the argument with this number, counted from 0: (argument & mask) == value.
struct ArgumentTest {
  unsigned argument;
  std::uint64_t mask;
  std::uint64_t value;
};

struct AllowedCall {
  const char* name;  // as in syscalls(2); one that this architecture does not have is skipped
  std::optional<ArgumentTest> only_if = std::nullopt;  // of several rows with the same name one is enough
};

struct SystemCalls {
  std::vector<AllowedCall> allowed;
  std::vector<const char*> missing;  // refused without a report: who makes them does something else then
};

// Names that are no system call of any architecture, as far as this libseccomp knows.
std::vector<std::string> unknown_names(const SystemCalls& calls);

class SystemCallFilter {
 public:
  enum class Refusals {
    reported,  // to RefusedCalls (below)
    audited,   // to the kernel's audit log only: for a process that executes another program, which would die of them
  };
  // For the processor that we run on.
  static base::Result<SystemCallFilter> compile(const SystemCalls& calls, Refusals refusals);

  // For all threads of the process, from now on. Needs no_new_privs (privileges.h). Fails where the kernel cannot.
  base::Result<> install() const;

 private:
  SystemCallFilter(std::vector<std::byte> program, unsigned flags) : program_(std::move(program)), flags_(flags) {}

  std::vector<std::byte> program_;  // of the kernel's filter machine
  unsigned flags_;                  // for installing it
};

// The calls that were refused, for the log. One object in a process, made before install(): a signal (SIGSYS) tells of
// them, so a thread that blocks that signal must not make one.
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
  // Those that have never been returned before: each number once.
  std::vector<Call> take();

 private:
  explicit RefusedCalls(FileDescriptor wake) : wake_(std::move(wake)) {}

  FileDescriptor wake_;
};

// Why no system call is refused in this build; empty: they are.
const char* reason_for_no_filter();

}  // namespace tandem::os

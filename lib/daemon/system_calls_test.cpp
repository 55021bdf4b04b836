// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/system_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

namespace tandem::daemon {
namespace {

using testing::IsEmpty;

std::set<std::string> names_of(const os::SystemCalls& calls) {
  std::set<std::string> names;
  for (const os::AllowedCall& call : calls.allowed) {
    names.insert(call.name);
  }
  return names;
}

TEST(SystemCalls, EachNameIsOne) {
  EXPECT_THAT(os::unknown_names(worker_calls({})), IsEmpty());
  EXPECT_THAT(os::unknown_names(supervisor_calls({})), IsEmpty());
}

// A filter is inherited: what the supervisor may not do, no worker may.
TEST(SystemCalls, SupervisorMayWhateverItsWorkersMay) {
  const auto supervisor = names_of(supervisor_calls({}));
  for (const std::string& name : names_of(worker_calls({}))) {
    EXPECT_TRUE(supervisor.contains(name)) << name;
  }
}

// What an attacker who has got into the program would want.
TEST(SystemCalls, NeitherMayTouchOtherProcessesTheKernelOrTheMachine) {
  for (const char* const name : {"ptrace",
                                 "process_vm_readv",
                                 "process_vm_writev",
                                 "bpf",
                                 "perf_event_open",
                                 "userfaultfd",
                                 "io_uring_setup",
                                 "keyctl",
                                 "add_key",
                                 "mount",
                                 "umount2",
                                 "pivot_root",
                                 "chroot",
                                 "unshare",
                                 "setns",
                                 "init_module",
                                 "finit_module",
                                 "kexec_load",
                                 "reboot",
                                 "swapon",
                                 "settimeofday",
                                 "clock_settime",
                                 "sethostname",
                                 "mknod",
                                 "open_by_handle_at",
                                 "quotactl",
                                 "acct",
                                 "syslog",
                                 "iopl"}) {
    EXPECT_FALSE(names_of(supervisor_calls({})).contains(name)) << name;
  }
  for (const char* const name : {"execve", "execveat", "fork", "vfork", "clone3", "kill", "setuid", "setgid",
                                 "setgroups", "capset", "seccomp", "chown", "chmod", "wait4"}) {
    EXPECT_FALSE(names_of(worker_calls({})).contains(name)) << name;
  }
}

}  // namespace
}  // namespace tandem::daemon

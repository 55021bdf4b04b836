// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/system_calls.h"

#include <sched.h>
#include <sys/socket.h>

#include <initializer_list>

namespace tandem::daemon {
namespace {

using Names = std::initializer_list<const char*>;

// Names that only 32-bit architectures have (…64, …32, _llseek) stand beside the others.
constexpr Names kMemory{"brk", "madvise", "mmap", "mmap2", "mprotect", "mremap", "munmap"};

constexpr Names kThreads{"exit",        "exit_group", "futex",           "futex_time64", "get_robust_list",
                         "getpid",      "gettid",     "restart_syscall", "rseq",         "sched_getaffinity",
                         "sched_yield", "membarrier", "set_robust_list", "tgkill"};

// prctl: names of threads. The priorities: what a new thread is to have (lib/event/thread.cpp). sched_setaffinity: where
// a worker continues that is waited for (lib/event/worker.cpp).
constexpr Names kProcess{
    "getcpu",         "sched_setaffinity",  "getegid",     "geteuid",   "getgid",     "getgroups", "getppid",
    "getpriority",    "getrandom",          "getrlimit",   "getrusage", "getuid",     "prctl",     "prlimit64",
    "sched_getparam", "sched_getscheduler", "setpriority", "sysinfo",   "ugetrlimit", "uname",     "getegid32",
    "geteuid32",      "getgid32",           "getgroups32", "getuid32"};

constexpr Names kSignals{"rt_sigaction",           "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait",
                         "rt_sigtimedwait_time64", "sigaltstack",    "sigreturn"};

constexpr Names kTime{
    "clock_getres",           "clock_getres_time64", "clock_gettime",     "clock_gettime64", "clock_nanosleep",
    "clock_nanosleep_time64", "gettimeofday",        "nanosleep",         "setitimer",       "time",
    "timerfd_create",         "timerfd_settime",     "timerfd_settime64", "timerfd_gettime", "timerfd_gettime64"};

constexpr Names kWaiting{"epoll_create1", "epoll_ctl", "epoll_pwait", "epoll_pwait2",   "epoll_wait",
                         "eventfd2",      "pipe2",     "poll",        "ppoll",          "ppoll_time64",
                         "_newselect",    "select",    "pselect6",    "pselect6_time64"};

constexpr Names kFiles{"access",    "close",       "dup",       "dup2",      "dup3",       "faccessat",  "faccessat2",
                       "fallocate", "fchmod",      "fchown",    "fchown32",  "fcntl",      "fcntl64",    "fdatasync",
                       "flock",     "fstat",       "fstat64",   "fstatat64", "fstatfs",    "fstatfs64",  "fsync",
                       "ftruncate", "ftruncate64", "getcwd",    "getdents",  "getdents64", "ioctl",      "_llseek",
                       "lseek",     "lstat",       "lstat64",   "mkdir",     "mkdirat",    "newfstatat", "open",
                       "openat",    "pread64",     "pwrite64",  "read",      "readlink",   "readlinkat", "readv",
                       "rename",    "renameat",    "renameat2", "rmdir",     "stat",       "stat64",     "statfs",
                       "statfs64",  "statx",       "umask",     "unlink",    "unlinkat",   "write",      "writev"};

constexpr Names kSockets{"accept",      "accept4",         "bind",       "connect",  "getpeername",
                         "getsockname", "getsockopt",      "listen",     "recv",     "recvfrom",
                         "recvmmsg",    "recvmmsg_time64", "recvmsg",    "send",     "sendmmsg",
                         "sendmsg",     "sendto",          "setsockopt", "shutdown", "socketpair"};

// To start a program, ours or the next version of it: the loader, the C library, and what main() does until a worker
// has settled in.
constexpr Names kStart{"arch_prctl",
                       "capget",
                       "capset",
                       "chmod",
                       "chown",
                       "chown32",
                       "execve",
                       "fchmodat",
                       "fchmodat2",
                       "fchownat",
                       "futex_waitv",
                       "kill",
                       "lchown",
                       "lchown32",
                       "mbind",
                       "memfd_create",
                       "openat2",
                       "personality",
                       "readahead",
                       "sched_get_priority_max",
                       "sched_get_priority_min",
                       "sched_setattr",
                       "sched_getattr",
                       "sched_setparam",
                       "sched_setscheduler",
                       "seccomp",
                       "set_thread_area",
                       "set_tid_address",
                       "set_tls",
                       "setgid",
                       "setgid32",
                       "setgroups",
                       "setgroups32",
                       "setresgid",
                       "setresgid32",
                       "setresuid",
                       "setresuid32",
                       "setrlimit",
                       "setsid",
                       "setuid",
                       "setuid32"};

constexpr Names kSupervision{"clone", "clone3", "pidfd_open", "pidfd_send_signal", "setpgid", "signalfd", "signalfd4",
                             "wait4", "waitid", "waitpid"};

void add(os::SystemCalls& calls, std::initializer_list<Names> groups) {
  for (const Names& group : groups) {
    for (const char* const name : group) {
      calls.allowed.push_back({name});
    }
  }
}

os::SystemCalls of_both(std::span<const int> socket_families) {
  os::SystemCalls calls;
  add(calls, {kMemory, kThreads, kProcess, kSignals, kTime, kWaiting, kFiles, kSockets});
  constexpr std::uint64_t kInt = 0xffffffff;
  calls.allowed.push_back({"socket", os::ArgumentTest{0, kInt, AF_UNIX}});
  for (const int family : socket_families) {
    calls.allowed.push_back({"socket", os::ArgumentTest{0, kInt, static_cast<std::uint64_t>(family)}});
  }
  return calls;
}

}  // namespace

os::SystemCalls worker_calls(std::span<const int> socket_families) {
  // Threads, but no processes and no namespaces. The flags of clone3 are in memory, where no filter sees them; the C
  // library then takes clone.
  constexpr std::uint64_t kNamespaces =
      CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
  os::SystemCalls calls = of_both(socket_families);
  calls.allowed.push_back({"clone", os::ArgumentTest{0, kNamespaces | CLONE_THREAD, CLONE_THREAD}});
  calls.missing = {"clone3"};
  return calls;
}

os::SystemCalls supervisor_calls(std::span<const int> socket_families) {
  os::SystemCalls calls = of_both(socket_families);
  add(calls, {kStart, kSupervision});
  return calls;
}

}  // namespace tandem::daemon

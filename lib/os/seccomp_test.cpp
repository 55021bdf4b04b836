// SPDX-License-Identifier: Apache-2.0
// A filter cannot be taken off: each is tried in a process of its own, which ends with the number of what went wrong.
#include "lib/os/seccomp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <future>
#include <thread>

namespace tandem::os {
namespace {

using testing::ElementsAre;
using testing::ExitedWithCode;
using testing::IsEmpty;

// What the C library and these tests need. Not getpriority(2).
SystemCalls basic_calls() {
  SystemCalls calls;
  for (const char* const name :
       {"brk",         "clone",           "clone3", "close",   "exit",         "exit_group",     "fcntl",
        "futex",       "getpid",          "gettid", "madvise", "mmap",         "mprotect",       "munmap",
        "poll",        "ppoll",           "read",   "rseq",    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
        "sched_yield", "set_robust_list", "write"}) {
    calls.allowed.push_back({name});
  }
  return calls;
}

// Ends with 100 if it cannot be done.
void install(const SystemCalls& calls, SystemCallFilter::Refusals refusals = SystemCallFilter::Refusals::reported) {
  const auto filter = SystemCallFilter::compile(calls, refusals);
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0 || !filter || !filter->install()) {
    ::_exit(100);
  }
}

void demand(bool fact, int number) {
  if (!fact) {
    ::_exit(number);
  }
}

bool is_refused() {
  errno = 0;
  return ::syscall(SYS_getpriority, PRIO_PROCESS, 0) == -1 && errno == ENOSYS;
}

class Seccomp : public testing::Test {
 protected:
  void SetUp() override {
    if (*reason_for_no_filter() != '\0') {
      GTEST_SKIP() << reason_for_no_filter();
    }
  }
};

TEST_F(Seccomp, RefusedCallIsNotMadeIsReportedOnceAndTheProcessGoesOn) {
  const auto body = [] {
    auto refused = RefusedCalls::watch();
    demand(bool(refused), 1);
    install(basic_calls());
    demand(refused->take().empty(), 2);
    demand(is_refused() && is_refused(), 3);
    pollfd readable{refused->descriptor(), POLLIN, 0};
    demand(::poll(&readable, 1, 0) == 1, 4);
    const auto calls = refused->take();
    demand(calls.size() == 1 && calls[0].name == "getpriority" && calls[0].number == SYS_getpriority, 5);
    demand(is_refused() && refused->take().empty() && ::poll(&readable, 1, 0) == 0, 6);
    ::_exit(0);
  };
  EXPECT_EXIT(body(), ExitedWithCode(0), "");
}

TEST_F(Seccomp, AnArgumentDecides) {
  const auto body = [] {
    auto refused = RefusedCalls::watch();
    SystemCalls calls = basic_calls();
    for (const int family : {AF_UNIX, AF_INET6}) {
      calls.allowed.push_back({"socket", ArgumentTest{0, 0xffffffff, static_cast<std::uint64_t>(family)}});
    }
    install(calls);
    demand(::socket(AF_UNIX, SOCK_STREAM, 0) >= 0 && ::socket(AF_INET6, SOCK_DGRAM, 0) >= 0, 1);
    demand(refused->take().empty(), 2);
    demand(::socket(AF_INET, SOCK_DGRAM, 0) == -1 && errno == ENOSYS, 3);
    demand(refused->take().size() == 1, 4);
    ::_exit(0);
  };
  EXPECT_EXIT(body(), ExitedWithCode(0), "");
}

TEST_F(Seccomp, WhatIsSaidToBeMissingIsNotReported) {
  const auto body = [] {
    auto refused = RefusedCalls::watch();
    SystemCalls calls = basic_calls();
    calls.missing = {"getpriority"};
    install(calls);
    demand(is_refused() && refused->take().empty(), 1);
    ::_exit(0);
  };
  EXPECT_EXIT(body(), ExitedWithCode(0), "");
}

TEST_F(Seccomp, AuditedRefusalNeedsNobodyWhoWatches) {
  const auto body = [] {
    install(basic_calls(), SystemCallFilter::Refusals::audited);
    demand(is_refused(), 1);
    ::_exit(0);
  };
  EXPECT_EXIT(body(), ExitedWithCode(0), "");
}

TEST_F(Seccomp, ThreadsThatRunAlreadyAreRestrictedToo) {
  const auto body = [] {
    auto refused = RefusedCalls::watch();
    std::promise<void> installed;
    bool before = true;
    bool after = false;
    std::promise<void> started;
    std::thread thread([&] {
      before = is_refused();
      started.set_value();
      installed.get_future().wait();
      after = is_refused();
    });
    started.get_future().wait();
    install(basic_calls());
    installed.set_value();
    thread.join();
    demand(!before && after && refused->take().size() == 1, 1);
    ::_exit(0);
  };
  EXPECT_EXIT(body(), ExitedWithCode(0), "");
}

// A worker has the filter of its supervisor as well: what both refuse is reported.
TEST_F(Seccomp, TheReportingFilterGoesBeforeAnAuditingOne) {
  const auto body = [] {
    auto refused = RefusedCalls::watch();
    SystemCalls wider = basic_calls();
    wider.allowed.push_back({"prctl"});
    wider.allowed.push_back({"seccomp"});
    for (const char* const name : {"memfd_create", "lseek", "pread64", "sysinfo"}) {  // compiling takes these
      wider.allowed.push_back({name});
    }
    install(wider, SystemCallFilter::Refusals::audited);
    install(basic_calls());
    demand(is_refused() && refused->take().size() == 1, 1);
    ::_exit(0);
  };
  EXPECT_EXIT(body(), ExitedWithCode(0), "");
}

TEST_F(Seccomp, MisspeltNamesAreFound) {
  SystemCalls calls = basic_calls();
  EXPECT_THAT(unknown_names(calls), IsEmpty());
  calls.allowed.push_back({"getpriorty"});
  calls.allowed.push_back({"fstatat64"});  // only of other architectures
  EXPECT_THAT(unknown_names(calls), ElementsAre("getpriorty"));
}

}  // namespace
}  // namespace tandem::os

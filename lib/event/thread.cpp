// SPDX-License-Identifier: Apache-2.0
#include "lib/event/thread.h"

#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

namespace tandem::event {
namespace {

constexpr int kNiceness = 10;  // more than the others of the process: a tenth of their weight

// Of this thread only: that is what Linux makes of it (sched(7)).
void be_nice() {
  const auto thread = static_cast<id_t>(syscall(SYS_gettid));
  setpriority(PRIO_PROCESS, thread, getpriority(PRIO_PROCESS, thread) + kNiceness);
}

}  // namespace

SignalsBlocked::SignalsBlocked() {
  sigset_t all;
  sigfillset(&all);
  sigdelset(&all, SIGSYS);
  pthread_sigmask(SIG_SETMASK, &all, &before_);
}

SignalsBlocked::~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

struct Thread::Impl {
  Loop& loop;
  std::thread thread;
};

Thread::Thread(const char* name, Loop& loop, Handler on_ended) : impl_(std::make_unique<Impl>(Impl{loop, {}})) {
  const SignalsBlocked for_it;
  const bool ordinary = sched_getscheduler(0) == SCHED_OTHER;
  impl_->thread = std::thread([&loop, ordinary, on_ended = std::move(on_ended)] {
    if (ordinary) {
      be_nice();
    }
    loop.run();
    on_ended();
  });
  pthread_setname_np(impl_->thread.native_handle(), name);
}

Thread::~Thread() {
  impl_->loop.stop();
  impl_->thread.join();
}

}  // namespace tandem::event

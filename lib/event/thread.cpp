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

// Of this thread, which has got what its maker has.
void set_priority(Thread::Priority priority) {
  const int policy = sched_getscheduler(0);
  sched_param own{};
  if (policy == SCHED_OTHER) {
    if (priority == Thread::Priority::ordinary) {
      be_nice();
    }
  } else if (priority == Thread::Priority::behind_its_maker && sched_getparam(0, &own) == 0 &&
             own.sched_priority > sched_get_priority_min(policy)) {
    --own.sched_priority;
    sched_setscheduler(0, policy, &own);
  } else {
    own.sched_priority = 0;
    sched_setscheduler(0, SCHED_OTHER, &own);
  }
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

Thread::Thread(const char* name, Loop& loop, Handler on_ended, Priority priority)
    : impl_(std::make_unique<Impl>(Impl{loop, {}})) {
  const SignalsBlocked for_it;
  impl_->thread = std::thread([&loop, priority, on_ended = std::move(on_ended)] {
    set_priority(priority);
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

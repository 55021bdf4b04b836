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
  Handler stop;
  std::thread thread;
};

Thread::Thread(const char* name, Loop& loop, Handler on_ended)
    : Thread(
          name,
          [&loop, on_ended = std::move(on_ended)] {
            loop.run();
            on_ended();
          },
          [&loop] { loop.stop(); }) {}

Thread::Thread(const char* name, Handler body, Handler stop)
    : impl_(std::make_unique<Impl>(Impl{std::move(stop), {}})) {
  const SignalsBlocked for_it;
  const bool ordinary = sched_getscheduler(0) == SCHED_OTHER;
  impl_->thread = std::thread([ordinary, body = std::move(body)] {
    if (ordinary) {
      be_nice();
    }
    body();
  });
  pthread_setname_np(impl_->thread.native_handle(), name);
}

Thread::~Thread() {
  impl_->stop();
  impl_->thread.join();
}

pthread_t Thread::handle() const { return impl_->thread.native_handle(); }

}  // namespace tandem::event

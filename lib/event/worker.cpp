// SPDX-License-Identifier: Apache-2.0
#include "lib/event/worker.h"

#include <pthread.h>
#include <sched.h>

#include <cerrno>
#include <mutex>
#include <utility>

namespace tandem::event {

// The first of the two threads that settles it decides who runs what the work has returned.
struct Worker::Delivery {
  std::atomic<bool> settled = false;
  std::promise<Handler> done;
};

// Has a thread that waits for work continue on the caller's processor, as long as this lives. The caller is about to
// sleep until the work is done, so its processor is free; another one may be asleep, and takes 60 µs to wake up in a
// virtual machine. Later the scheduler may move the thread as it likes.
class Worker::Nearby {
 public:
  explicit Nearby(pthread_t thread) : thread_(thread) {
    const int here = sched_getcpu();
    if (here < 0 || here >= CPU_SETSIZE || pthread_getaffinity_np(thread, sizeof before_, &before_) != 0) {
      return;
    }
    cpu_set_t only_here;
    CPU_ZERO(&only_here);
    CPU_SET(static_cast<std::size_t>(here), &only_here);
    moved_ = pthread_setaffinity_np(thread, sizeof only_here, &only_here) == 0;
  }
  ~Nearby() {
    if (moved_) {
      pthread_setaffinity_np(thread_, sizeof before_, &before_);
    }
  }
  Nearby(const Nearby&) = delete;
  Nearby& operator=(const Nearby&) = delete;

 private:
  pthread_t thread_;
  cpu_set_t before_{};
  bool moved_ = false;
};

Worker::Worker(const char* name, Loop& loop) : name_(name), loop_(loop) { sem_init(&queued_, 0, 0); }

Worker::~Worker() {
  stop();
  sem_destroy(&queued_);
}

void Worker::put(std::size_t rank, Piece piece) {
  if (!thread_) {
    thread_.emplace(
        name_, [this] { run(); },
        [this] {
          stopping_ = true;
          sem_post(&queued_);
        });
  }
  std::list<Piece> one;
  one.push_back(std::move(piece));
  {
    const std::lock_guard lock(mutex_);
    queue_.at(rank).splice(queue_.at(rank).end(), one);
  }
  sem_post(&queued_);
}

void Worker::post(std::size_t rank, Work work) { put(rank, {std::move(work)}); }

bool Worker::post_and_wait(std::size_t rank, Work work, std::chrono::microseconds timeout) {
  const auto delivery = std::make_shared<Delivery>();
  auto done = delivery->done.get_future();
  std::optional<Nearby> nearby;
  if (thread_ && idle_) {  // one that runs would have to be stopped
    nearby.emplace(thread_->handle());
  }
  put(rank, {std::move(work), delivery});
  if (done.wait_for(timeout) != std::future_status::ready && !delivery->settled.exchange(true)) {
    return false;
  }
  if (const Handler handler = done.get()) {
    handler();
  }
  return true;
}

void Worker::discard(std::size_t rank) {
  std::list<Piece> dropped;  // destroyed without the lock
  const std::lock_guard lock(mutex_);
  dropped.swap(queue_.at(rank));
}

void Worker::wait_until_idle() {
  if (thread_) {
    std::promise<void> done;
    post(kRanks - 1, [&done] {
      done.set_value();
      return Handler();
    });
    done.get_future().wait();
  }
}

void Worker::stop() {
  thread_.reset();
  alive_.reset();
  for (std::list<Piece>& pieces : queue_) {
    pieces.clear();
  }
}

// The first of the most urgent of these ranks, or nothing.
std::list<Worker::Piece> Worker::take(std::size_t ranks) {
  std::list<Piece> first;
  const std::lock_guard lock(mutex_);
  for (std::size_t rank = 0; rank < ranks && first.empty(); ++rank) {
    if (!queue_.at(rank).empty()) {
      first.splice(first.end(), queue_.at(rank), queue_.at(rank).begin());
    }
  }
  return first;
}

void Worker::run() {
  while (!stopping_) {
    if (std::list<Piece> next = take(kRanks); !next.empty()) {
      execute(next.front());
      continue;
    }
    idle_ = true;
    while (sem_wait(&queued_) != 0 && errno == EINTR) {
    }
    idle_ = false;
  }
}

void Worker::run_more_urgent_than(std::size_t rank) {
  for (std::list<Piece> next = take(rank); !next.empty() && !stopping_; next = take(rank)) {
    execute(next.front());
  }
}

void Worker::execute(Piece& piece) {
  Handler handler = piece.work();
  if (piece.delivery && !piece.delivery->settled.exchange(true)) {
    piece.delivery->done.set_value(std::move(handler));
  } else if (handler) {
    loop_.post([alive = std::weak_ptr(alive_), handler = std::move(handler)] {
      if (!alive.expired()) {
        handler();
      }
    });
  }
}

}  // namespace tandem::event

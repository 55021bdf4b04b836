// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/kernel_worker.h"

#include <algorithm>
#include <utility>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {
namespace {

constexpr std::size_t rank_of(KernelWorker::Purpose purpose) { return static_cast<std::size_t>(purpose); }

}  // namespace

base::Result<std::unique_ptr<KernelWorker>> KernelWorker::open(Dependencies dependencies, const InterfaceTable& table,
                                                               KernelState& kernel_state, OnCompleted on_completed) {
  auto socket = TANDEM_TRY(netlink::RequestSocket::open());
  return std::unique_ptr<KernelWorker>(
      new KernelWorker(dependencies, std::move(socket), table, kernel_state, std::move(on_completed)));
}

KernelWorker::KernelWorker(Dependencies dependencies, netlink::RequestSocket socket, const InterfaceTable& table,
                           KernelState& kernel_state, OnCompleted on_completed)
    : dependencies_(dependencies),
      table_(table),
      socket_(std::move(socket)),
      on_completed_(std::move(on_completed)),
      worker_("kernel", dependencies.loop) {
  logger_.add(std::make_unique<log::Relay>([this](log::OwnedRecord record) { deliver(std::move(record)); }),
              log::Level::debugging);
  executor_.emplace(Executor::Dependencies{logger_, socket_, *sysctls_, dependencies.state_file}, table, kernel_state);
}

void KernelWorker::deliver(log::OwnedRecord record) {
  if (std::this_thread::get_id() == loops_thread_) {
    dependencies_.logger.emit(record.level, record.id, record.text);
    return;
  }
  dependencies_.loop.post([&logger = dependencies_.logger, record = std::move(record)] {
    logger.emit(record.level, record.id, record.text);
  });
}

std::vector<Job> KernelWorker::jobs_for(std::span<const Task> tasks) const {
  std::vector<Job> jobs;
  jobs.reserve(tasks.size());
  for (const Task& task : tasks) {
    const Interface* const interface = table_.find(device_of(task.operation));
    jobs.push_back({task.operation, interface == nullptr ? std::string() : interface->link.name});
  }
  return jobs;
}

std::optional<KernelWorker::Results> KernelWorker::execute(std::span<const Task> tasks) {
  drop(Purpose::renew);
  drop(Purpose::lower);
  auto results = std::make_shared<Results>();
  const auto run = [this, jobs = jobs_for(tasks), rewriting = dependencies_.rewriter.pending(), results] {
    rewriting.await_removal();
    *results = executor_->execute(jobs);
  };
  if (without_thread_) {
    run();
    return std::move(*results);
  }
  const auto work = [this, run, results]() -> event::Handler {
    run();
    return [this, results] {
      if (executing_ == results) {
        executing_.reset();
        complete(Purpose::change, std::move(*results));
      }
    };
  };
  if (!worker_.post_and_wait(rank_of(Purpose::change), work, kExecutionTimeout)) {
    executing_ = std::move(results);
    return std::nullopt;
  }
  return std::move(*results);
}

// A change that comes meanwhile is executed between two of the jobs.
void KernelWorker::post(Purpose purpose, std::vector<Job> jobs) {
  ++lane(purpose).under_way;
  worker_.post(rank_of(purpose), [this, purpose, jobs = std::move(jobs), run = lane(purpose).run]() -> event::Handler {
    const auto between = [this, purpose] { worker_.run_more_urgent_than(rank_of(purpose)); };
    Results results = purpose == Purpose::build ? executor_->execute(jobs, between) : executor_->execute(jobs);
    return [this, purpose, run, results = std::move(results)] {
      if (run == lane(purpose).run) {
        --lane(purpose).under_way;
        complete(purpose, results);
      }
    };
  });
}

void KernelWorker::complete(Purpose purpose, Results results) {
  completed_.push_back({purpose, std::move(results)});
  on_completed_();
}

void KernelWorker::drop(Purpose purpose) {
  if (lane(purpose).under_way > 0) {
    worker_.discard(rank_of(purpose));
    lane(purpose).under_way = 0;
    ++lane(purpose).run;
  }
}

void KernelWorker::build(std::span<const Task> tasks) { post(Purpose::build, jobs_for(tasks)); }

void KernelWorker::renew(std::span<const AddAddress> due) {
  while (!due.empty()) {
    const auto piece = due.first(std::min(due.size(), kMaxOperationsPerStep));
    std::vector<Job> jobs;
    for (const AddAddress& renewal : piece) {
      jobs.push_back({renewal, {}});
    }
    post(Purpose::renew, std::move(jobs));
    due = due.subspan(piece.size());
  }
}

// The kernel reports that it is down, and what it is like then.
void KernelWorker::lower(base::IfIndex macvlan) {
  post(Purpose::lower, {{SetProtodown{macvlan, netlink::Protodown::on}, {}}, {SetLinkDown{macvlan}, {}}});
}

void KernelWorker::update_state_file(std::function<void(Executor&)> update) {
  if (without_thread_) {
    update(*executor_);
    return;
  }
  worker_.post(rank_of(Purpose::change), [this, update = std::move(update)] {
    update(*executor_);
    return event::Handler();
  });
}

void KernelWorker::remember(base::IfIndex index, const Original& original) {
  update_state_file([index, original](Executor& executor) { executor.remember(index, original); });
}

void KernelWorker::forget(base::IfIndex index) {
  update_state_file([index](Executor& executor) { executor.forget(index); });
}

std::optional<KernelWorker::Results> KernelWorker::execute_without_thread() {
  if (!std::exchange(without_thread_, true)) {
    for (const Purpose purpose : {Purpose::renew, Purpose::build, Purpose::lower}) {
      drop(purpose);
    }
    worker_.wait_until_idle();
  }
  // The rest of these is dropped: the reconciler has forgotten the steps that they belong to.
  std::vector<Completed> ended = take_completed();
  if (const auto results = std::exchange(executing_, nullptr)) {
    return std::move(*results);
  }
  for (Completed& completed : ended) {
    if (completed.purpose == Purpose::change) {
      return std::move(completed.results);
    }
  }
  return std::nullopt;
}

void KernelWorker::save() { executor_->save(); }

}  // namespace tandem::vrrpd::io

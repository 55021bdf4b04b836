// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/kernel_thread.h"

#include <utility>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

base::Result<std::unique_ptr<KernelThread>> KernelThread::open(Parts parts, const InterfaceTable& table, Memory& memory,
                                                               std::function<void(Results)> on_executed) {
  auto socket = TANDEM_TRY(netlink::RequestSocket::open());
  return std::unique_ptr<KernelThread>(
      new KernelThread(parts, std::move(socket), table, memory, std::move(on_executed)));
}

KernelThread::KernelThread(Parts parts, netlink::RequestSocket socket, const InterfaceTable& table, Memory& memory,
                           std::function<void(Results)> on_executed)
    : parts_(parts),
      table_(table),
      socket_(std::move(socket)),
      on_executed_(std::move(on_executed)),
      thread_(
          "kernel", parts.loop,
          [this](const Piece& piece) {
            piece.run(*executor_);
            return Nothing();
          },
          [this](const Piece& piece, Nothing) { on_done(piece); }) {
  logger_.add(std::make_unique<log::Relay>([this](log::OwnedRecord record) { deliver(std::move(record)); }),
              log::Level::debugging);
  executor_.emplace(Executor::Parts{logger_, socket_, *sysctls_, parts.state_file}, table, memory);
}

void KernelThread::deliver(log::OwnedRecord record) {
  if (std::this_thread::get_id() == loops_thread_) {
    parts_.logger.emit(record.level, record.id, record.text);
    return;
  }
  parts_.loop.post(
      [&logger = parts_.logger, record = std::move(record)] { logger.emit(record.level, record.id, record.text); });
}

std::vector<Job> KernelThread::jobs_for(std::span<const Task> tasks) const {
  std::vector<Job> jobs;
  jobs.reserve(tasks.size());
  for (const Task& task : tasks) {
    const Interface* const interface = table_.find(device_of(task.operation));
    jobs.push_back({task.operation, interface == nullptr ? std::string() : interface->link.name});
  }
  return jobs;
}

// Renewals are given up before addresses change, or one would bring back what was removed; so is setting macvlans down,
// or one would go down that has just been claimed.
std::optional<KernelThread::Results> KernelThread::execute(std::span<const Task> tasks) {
  parts_.renewals.give_up();
  parts_.lowering.give_up();
  auto results = std::make_shared<Results>();
  auto run = [&renewals = parts_.renewals, &lowering = parts_.lowering, rewriting = parts_.rewriter.pending(),
              jobs = jobs_for(tasks), results](Executor& executor) {
    renewals.await_end();
    lowering.await_end();
    rewriting.await_removal();
    *results = executor.execute(jobs);
    rewriting.await();  // before the addresses are announced
  };
  if (!aside_) {
    run(*executor_);
  } else if (!thread_.begin_and_wait({std::move(run), results}, kPatience)) {
    executing_ = std::move(results);
    return std::nullopt;
  }
  return std::move(*results);
}

void KernelThread::on_done(const Piece& piece) {
  if (piece.results != nullptr && piece.results == executing_) {
    on_executed_(std::move(*std::exchange(executing_, nullptr)));
  }
}

void KernelThread::begin(std::span<const Task> tasks) { parts_.builder.begin(jobs_for(tasks)); }

void KernelThread::do_aside(std::function<void(Executor&)> run) {
  if (aside_) {
    thread_.begin({std::move(run), nullptr});
  } else {
    run(*executor_);
  }
}

void KernelThread::remember(base::IfIndex index, const Original& original) {
  do_aside([index, original](Executor& executor) { executor.remember(index, original); });
}

void KernelThread::forget(base::IfIndex index) {
  do_aside([index](Executor& executor) { executor.forget(index); });
}

std::optional<KernelThread::Results> KernelThread::come_back() {
  if (std::exchange(aside_, false)) {
    thread_.await_all();
  }
  const auto results = std::exchange(executing_, nullptr);
  return results == nullptr ? std::nullopt : std::optional(std::move(*results));
}

void KernelThread::save() { executor_->save(); }

}  // namespace tandem::vrrpd::io

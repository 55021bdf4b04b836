// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/renewals.h"

#include <algorithm>
#include <mutex>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

Renewals::Renewals(event::Loop& loop, Execute execute, Done on_done)
    : loop_(loop), execute_(std::move(execute)), on_done_(std::move(on_done)) {}

void Renewals::start(std::vector<AddAddress> due) {
  if (!thread_) {
    thread_.emplace("renewals", own_loop_, [] {});
  }
  running_ = true;
  own_loop_.post([this, due = std::move(due), run = run_.load()] { carry_out(due, run); });
}

void Renewals::carry_out(std::span<const AddAddress> due, std::uint64_t run) {
  bool all = true;
  while (!due.empty()) {
    const auto piece = due.first(std::min(due.size(), kMaxOperationsPerStep));
    const std::lock_guard lock(mutex_);
    if (run != run_) {
      return;
    }
    all = execute_(piece) && all;
    due = due.subspan(piece.size());
  }
  loop_.post([this, here = std::weak_ptr(here_), run, all] {
    if (!here.expired()) {
      finished(run, all);
    }
  });
}

void Renewals::finished(std::uint64_t run, bool all) {
  if (run == run_) {
    running_ = false;
    on_done_(all);
  }
}

void Renewals::stop() {
  if (running_) {
    running_ = false;
    ++run_;
    const std::lock_guard what_is_under_way(mutex_);
  }
}

}  // namespace tandem::vrrpd::io

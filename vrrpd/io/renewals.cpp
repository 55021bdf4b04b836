// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/renewals.h"

#include <algorithm>
#include <utility>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

void Renewals::set_lease(Lease lease) {
  lease_ = lease;
  set_timer();
}

void Renewals::start() {
  started_ = true;
  set_timer();
}

void Renewals::stop() {
  started_ = false;
  set_timer();
}

void Renewals::set_timer() {
  if (!started_ || lease_ == Lease::zero()) {
    timer_.cancel();
    due_.clear();
  } else {
    timer_.set(event::monotonic_now() + base::Duration(lease_) / (3 * kRenewalParts));
  }
}

void Renewals::on_timer() {
  if (due_.size() < kRenewalParts) {
    due_.push_back(part_);
    part_ = (part_ + 1) % kRenewalParts;
  } else if (!actions_.is_busy()) {
    for (const unsigned part : std::exchange(due_, {})) {
      actions_.insist(part);
    }
  }
  consider();
  if (++ticks_ % kRenewalParts == 0) {
    actions_.on_third();
  }
  set_timer();
}

void Renewals::consider() {
  while (!due_.empty() && !actions_.is_busy()) {
    const std::vector<AddAddress> renewals = actions_.due(due_.front());
    if (renewals.empty()) {
      due_.pop_front();
    } else {
      failed_ = false;
      actions_.begin(renewals);
    }
  }
}

void Renewals::on_results(std::span<const base::Result<>> results, std::size_t pieces_left) {
  failed_ = failed_ || std::any_of(results.begin(), results.end(), [](const auto& result) { return !result; });
  if (pieces_left > 0 || due_.empty()) {
    return;  // there is nothing due if the lease was set to 0 meanwhile
  }
  const unsigned part = due_.front();
  due_.pop_front();
  if (failed_) {
    actions_.insist(part);
  }
  consider();
}

}  // namespace tandem::vrrpd::io

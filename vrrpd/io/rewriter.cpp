// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/rewriter.h"

#include <cerrno>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {
namespace {

bool is_done(const std::shared_future<void>& what) {
  return !what.valid() || what.wait_for(std::chrono::seconds::zero()) == std::future_status::ready;
}

}  // namespace

Rewriter::Rewriter(event::Loop& loop, log::Logger& logger, const InterfaceTable& table, const Options& options)
    : logger_(logger),
      table_(table),
      socket_(options.socket),
      ingress_(options.instance, [this](std::span<const std::byte> transaction) { return run(transaction); }),
      worker_("nftables", loop) {
  pending_.slow_ = std::make_shared<std::atomic<bool>>(false);
}

void Rewriter::Pending::await_removal() const {
  if (removes_ && done_.valid() && !*slow_ && done_.wait_for(kRemovalTimeout) != std::future_status::ready) {
    *slow_ = true;
  }
}

void Rewriter::post(std::function<base::Result<>(Ingress&)> work) {
  auto done = std::make_shared<std::promise<void>>();
  pending_.done_ = done->get_future().share();
  worker_.post(0, [this, work = std::move(work), done, slow = pending_.slow_]() -> event::Handler {
    const base::Result<> result = work(ingress_);
    *slow = false;
    done->set_value();
    return report_of(result);
  });
}

base::Result<> Rewriter::run(std::span<const std::byte> transaction) {
  if (!socket_.is_open()) {
    socket_ = nft::open_socket();
  }
  return socket_.is_open() ? nft::run(socket_.get(), transaction) : base::fail_errno(errno, "netfilter");
}

// Says it once, and once when it is over.
event::Handler Rewriter::report_of(const base::Result<>& result) {
  if (result.has_value() != failed_) {
    return {};
  }
  failed_ = !result.has_value();
  if (!failed_) {
    return [this] { logger_.write<kRewritten>(); };
  }
  return [this, why = result.error().message] { logger_.write<kNotRewritten>(why); };
}

void Rewriter::set_lease(std::chrono::seconds lease) {
  post([lease](Ingress& ingress) {
    ingress.set_lease(lease);
    return ingress.renew();
  });
}

void Rewriter::recheck(const DeviceChanges& changes) {
  if (changes.all_interfaces) {
    wanted_.recheck_all();
  }
  wanted_.recheck(changes.interfaces);
}

void Rewriter::update() {
  if (RewriteChanges changes = wanted_.take_changes(table_); !changes.empty()) {
    begin(std::move(changes));
  }
}

void Rewriter::begin(RewriteChanges changes) {
  pending_.removes_ = !changes.removed.empty() || (pending_.removes_ && !is_done(pending_.done_));
  post([changes = std::move(changes)](Ingress& ingress) { return ingress.change(changes); });
}

void Rewriter::renew() {
  post([](Ingress& ingress) { return ingress.renew(); });
}

void Rewriter::end() {
  post([](Ingress& ingress) { return ingress.remove_all(); });
  pending_.done_.wait_for(kRewritingEnd);
}

}  // namespace tandem::vrrpd::io

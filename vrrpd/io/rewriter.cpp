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

Rewriter::Rewriter(event::Loop& loop, log::Logger& logger, const std::string& instance, int socket)
    : loop_(loop),
      logger_(logger),
      socket_(socket),
      ingress_(instance, [this](std::span<const std::byte> transaction) { return run(transaction); }) {
  pending_.slow_ = std::make_shared<std::atomic<bool>>(false);
}

Rewriter::~Rewriter() { thread_.reset(); }

void Rewriter::Pending::await() const {
  if (done_.valid() && !*slow_ && done_.wait_for(kRewritingPatience) != std::future_status::ready) {
    *slow_ = true;
  }
}

void Rewriter::Pending::await_removal() const {
  if (removes_) {
    await();
  }
}

void Rewriter::post(std::function<base::Result<>(Ingress&)> work) {
  if (!thread_) {
    thread_.emplace("rewriter", own_loop_, [] {});
  }
  auto done = std::make_shared<std::promise<void>>();
  pending_.done_ = done->get_future().share();
  own_loop_.post([this, work = std::move(work), done, slow = pending_.slow_] {
    const base::Result<> result = work(ingress_);
    *slow = false;
    done->set_value();
    tell(result);
  });
}

base::Result<> Rewriter::run(std::span<const std::byte> transaction) {
  if (!socket_.is_open()) {
    socket_ = nft::open_socket();
  }
  return socket_.is_open() ? nft::run(socket_.get(), transaction) : base::fail_errno(errno, "netfilter");
}

// Once, and once when it is over.
void Rewriter::tell(const base::Result<>& result) {
  if (result.has_value() != failed_) {
    return;
  }
  failed_ = !result.has_value();
  loop_.post(
      [this, here = std::weak_ptr(here_), failed = failed_, why = result ? std::string() : result.error().message] {
        if (here.expired()) {
          return;
        }
        if (failed) {
          logger_.write<kNotRewritten>(why);
        } else {
          logger_.write<kRewritten>();
        }
      });
}

void Rewriter::set_lease(std::chrono::seconds lease) {
  post([lease](Ingress& ingress) {
    ingress.set_lease(lease);
    return ingress.renew();
  });
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

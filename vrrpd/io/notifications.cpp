// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/notifications.h"

#include <utility>

#include "vrrpd/io/limits.h"
#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {

Notifications::Notifications(event::Loop& loop, log::Logger& logger, InterfaceTable& table, Handlers handlers)
    : loop_(loop), logger_(logger), table_(table), handlers_(std::move(handlers)), timer_(loop, [this] {
        handlers_.on_readable();
      }) {}

base::Result<> Notifications::open() {
  socket_.emplace(TANDEM_TRY(netlink::RequestSocket::open()));
  monitor_.emplace(TANDEM_TRY(netlink::Monitor::open()));  // before the dump, so that nothing is missed
  if (const base::Result<> read = read_all(); !read) {
    return base::fail_with_context("cannot read the interfaces of the kernel", read.error());
  }
  return {};
}

// Notifications from before the dump may be applied after it; those that follow put it right. Without an answer the
// table stays what it is.
base::Result<> Notifications::read_all() {
  InterfaceTable read;
  TANDEM_TRY(socket_->dump([&read](const netlink::Event& event) { read.apply(event); }));
  table_ = std::move(read);
  return {};
}

void Notifications::listen(Pace pace) {
  if (pace == Pace::seldom) {
    watch_.reset();
    timer_.set(event::monotonic_now() + (more_ ? std::chrono::milliseconds{0} : kNotificationInterval));
  } else if (!watch_) {
    watch_.emplace(loop_, monitor_->descriptor(), event::Watch::For::reading, [this] { handlers_.on_readable(); });
  }
}

bool Notifications::hear() {
  const auto outcome = monitor_->drain(handlers_.on_event);
  if (outcome == netlink::Monitor::Outcome::overrun) {
    logger_.write<kOverrun>();
    read_again();
  }
  more_ = outcome == netlink::Monitor::Outcome::more;
  return !more_ && !outdated_;
}

void Notifications::hear_all() {
  auto outcome = netlink::Monitor::Outcome::more;
  while (outcome == netlink::Monitor::Outcome::more) {
    outcome = monitor_->drain(handlers_.on_event);
  }
  if (outcome == netlink::Monitor::Outcome::overrun) {
    read_again();
  }
}

void Notifications::read_again() {
  if (const base::Result<> read = read_all(); !read) {
    if (!std::exchange(outdated_, true)) {
      logger_.write<kDumpFailed>(read.error().message);
    }
    return;
  }
  outdated_ = false;
  handlers_.on_table_read();
}

}  // namespace tandem::vrrpd::io

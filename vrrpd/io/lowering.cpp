// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/lowering.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "lib/netlink/socket.h"
#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

Lowering::Lowering(event::Loop& loop, Thread::Execute execute, Next next, Thread::Done on_done)
    : next_(std::move(next)),
      on_done_(std::move(on_done)),
      thread_("lowering", loop, std::move(execute),
              [this](base::IfIndex index, base::Result<> done) {
                on_done_(index, std::move(done));
                timer_is_set_ = true;
                timer_.set(event::monotonic_now() + kLoweringPause);
              }),
      timer_(loop, [this] { on_timer(); }) {}

void Lowering::consider() {
  if (!timer_is_set_ && thread_.under_way() == 0 && next_()) {
    timer_is_set_ = true;
    timer_.set(event::monotonic_now() + kLoweringDelay);
  }
}

void Lowering::on_timer() {
  timer_is_set_ = false;
  if (const auto index = thread_.under_way() == 0 ? next_() : std::nullopt) {
    thread_.begin(*index);
  }
}

void Lowering::stop() {
  thread_.stop();
  timer_.cancel();
  timer_is_set_ = true;  // for good
}

Lowering::Thread::Execute lower_by_netlink() {
  return [socket = std::make_shared<std::optional<netlink::RequestSocket>>()](base::IfIndex index) -> base::Result<> {
    if (!*socket) {
      auto opened = TANDEM_TRY(netlink::RequestSocket::open());
      socket->emplace(std::move(opened));
    }
    // That it is down is reported, and so is what it is like then.
    std::vector<base::Result<>> done =
        (*socket)->execute(std::array{netlink::set_protodown(index, netlink::Protodown::on),
                                      netlink::set_admin_state(index, netlink::AdminState::down)});
    return done.front() ? std::move(done.back()) : std::move(done.front());
  };
}

}  // namespace tandem::vrrpd::io

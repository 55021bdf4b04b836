// SPDX-License-Identifier: Apache-2.0
// Keeps an InterfaceTable as the kernel has its interfaces: reads all of them at the start, hears the notifications
// from then on, and reads all again when notifications were lost. For the loop's thread.
#pragma once

#include <functional>
#include <optional>

#include "lib/base/result.h"
#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "lib/netlink/socket.h"
#include "vrrpd/io/interfaces.h"

namespace tandem::vrrpd::io {

class Notifications {
 public:
  struct Handlers {
    std::function<void(const netlink::Event&)> on_event;  // has to apply it to the table
    std::function<void()> on_table_read;                  // the table was replaced, after notifications were lost
    std::function<void()> on_readable;                    // from the loop: calls hear(), and then listen()
  };
  Notifications(event::Loop& loop, log::Logger& logger, InterfaceTable& table, Handlers handlers);

  base::Result<> open();

  // Wakes the loop at each notification, or, while macvlans are built, every kNotificationInterval: each macvlan is
  // reported in five notifications, and to be woken up by each would cost the thread that builds them a tenth of its
  // time.
  enum class Pace { at_once, seldom };
  void listen(Pace pace);

  // Handles some of the pending notifications. Returns true if all that were pending at the call have been handled and
  // the table is current; false: call it again soon.
  bool hear();
  void hear_all();

  // Whether the table could not be read after notifications were lost; read_again() tries it again.
  bool is_outdated() const { return outdated_; }
  void read_again();

  netlink::RequestSocket& socket() { return *socket_; }  // precondition: open() has succeeded

 private:
  base::Result<> read_all();

  event::Loop& loop_;
  log::Logger& logger_;
  InterfaceTable& table_;
  Handlers handlers_;
  std::optional<netlink::RequestSocket> socket_;
  std::optional<netlink::Monitor> monitor_;
  std::optional<event::Watch> watch_;  // none: with Pace::seldom
  event::Timer timer_;                 // then
  bool outdated_ = false;
  bool more_ = false;  // at the last call of hear()
};

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
// Receives VRRP: one raw socket per parent interface and family, bound to it, member of the group there.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "lib/base/ids.h"
#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/io/socket_filters.h"
#include "vrrpd/packet/advertisement.h"

namespace tandem::vrrpd::io {

struct ReceivedPacket {
  base::IfIndex interface;
  base::Family family;
  base::TimePoint when;  // when the kernel received it
  packet::IpInfo ip;     // IPv4: from the header; unspecified if that is damaged
  base::Result<packet::ReceivedAdvertisement, packet::Rejected> content;
};

class Receiver {
 public:
  struct Where {
    base::IfIndex interface;
    std::string name;
    base::Family family;
    auto operator<=>(const Where&) const = default;
  };
  struct Handlers {
    std::function<bool(const ReceivedPacket&)> on_packet;      // returns whether it is for a virtual router of ours
    event::Handler on_batch_end;                               // once after the packets of a batch
    std::function<Expected(const Where&)> expected = nullptr;  // asked for when a flood makes a filter necessary
  };
  Receiver(event::Loop& loop, log::Logger& logger, Handlers handlers);
  ~Receiver();

  // Does nothing if it listens there already. Returns whether it does now; a failure is logged once and tried again at
  // the next call.
  bool listen(const Where& where);
  void close(const Where& where);
  // What is expected there has changed.
  void refresh(const Where& where);
  // IPv6 may have ended and begun anew on this interface, or on any: the kernel has forgotten the group then. A socket
  // that cannot join it again is closed.
  void join_again(base::IfIndex interface);
  void join_again();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tandem::vrrpd::io

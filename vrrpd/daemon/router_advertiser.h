// SPDX-License-Identifier: Apache-2.0
// Router advertisements for the IPv6 virtual routers that are Master here and are configured to send them (RFC 9568
// §6.4.3): keeps their schedules, answers solicitations, and finds the prefixes to announce on the parent interface. A
// Backup sends none, and a router that stops being Master says nothing: the new Master's advertisements come from the
// same address.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "lib/event/loop.h"
#include "lib/net/sender.h"
#include "vrrpd/config/plan.h"
#include "vrrpd/core/router_advertisements.h"
#include "vrrpd/io/devices.h"
#include "vrrpd/io/solicitations.h"
#include "vrrpd/packet/router_advertisement.h"

namespace tandem::vrrpd::daemon {

class RouterAdvertiser {
 public:
  RouterAdvertiser(event::Loop& loop, log::Logger& logger, net::Sender& sender);

  // Before anything else, when there are devices.
  void use(const io::Devices& devices) { devices_ = &devices; }

  struct Subject {
    config::RouterKey key;
    base::IpAddress source;  // the link-local virtual address
    config::RouterAdvertisement settings;
    bool operator==(const Subject&) const = default;
  };
  void advertise(core::RouterId id, Subject subject);  // Master; anew if the subject has changed
  void stop(core::RouterId id);                        // no longer Master
  void withdraw(core::RouterId id);  // Master, but no longer configured to: tells the hosts to forget this router

 private:
  struct Entry {
    Subject subject;
    core::RouterAdvertisementSchedule schedule;
    base::IfIndex parent;
  };

  // Changes the schedule of one.
  template <class Change>
  void reschedule(core::RouterId id, const Change& change);
  void on_timer();
  void on_solicitation(base::IfIndex interface);
  bool send(core::RouterId id, const Entry& entry, std::chrono::seconds lifetime);
  std::vector<base::IpPrefix> prefixes_on(const io::Interface& parent) const;
  void set_timer();

  net::Sender& sender_;
  const io::Devices* devices_ = nullptr;
  std::map<core::RouterId, Entry> entries_;
  std::set<std::pair<base::TimePoint, core::RouterId>> deadlines_;
  std::map<base::IfIndex, std::set<core::RouterId>> on_parent_;
  io::SolicitationReceiver solicitations_;
  event::Timer timer_;
};

}  // namespace tandem::vrrpd::daemon

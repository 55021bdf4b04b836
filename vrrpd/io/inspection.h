// SPDX-License-Identifier: Apache-2.0
// Reads what the kernel really has: it reports links and addresses by itself, but hardly any sysctl, and anything on
// the machine may write to those (udev for each new interface, `sysctl --system`, another daemon). One dump of all
// links has all of them; the background worker compares it with what is wanted, again and again.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "lib/event/loop.h"
#include "vrrpd/io/background.h"
#include "vrrpd/io/kernel_state.h"
#include "vrrpd/io/operation.h"
#include "vrrpd/io/settings.h"

namespace tandem::vrrpd::io {

struct InspectionOrder {
  LinkGroups groups;                // macvlans of ours are known by them
  std::set<base::IfIndex> adopted;  // and those that another program made
  std::set<base::IfIndex> parents;  // for IPv4
  std::set<base::IfIndex> parents_ipv6;
  std::map<base::IfIndex, base::IfIndex> on_macvlans;  // macvlans of ours on a parent that is one: with that parent
  bool routers = false;  // whether there are any: some may wait for another instance to end
};

struct InspectionReport {
  struct Found {
    base::IfIndex index;
    std::vector<Deviation> deviations;  // not empty
  };
  std::vector<Found> macvlans{};
  std::vector<Found> parents{};
  std::vector<base::IfIndex> ipv6_on{};  // macvlans that can speak IPv6
  std::string obstacle{};                // obstacle_of_all()
  Instances instances{};                 // that run and have macvlans here, besides this one
  std::set<std::uint32_t> absent{};      // live groups of those of which no process has the name now
  base::TimePoint when{};                // monotonic
  base::Duration took{0};
  bool complete = false;  // else the kernel has not answered, and the rest says nothing
};

using Inspector = Background<InspectionOrder, InspectionReport>;

// With a socket of its own, on whatever thread it is called.
Inspector::Execute inspect_by_netlink();

// When to inspect.
class Inspections {
 public:
  using Order = std::function<InspectionOrder()>;
  using Handler = std::function<void(const InspectionReport&)>;  // from the loop
  Inspections(event::Loop& loop, event::Worker& worker, Inspector::Execute execute, Order order, Handler on_report);

  // From now on with a period.
  void start();
  // Something has been set up or may have been disturbed: not only when the period is over.
  void soon();
  void stop();  // the worker has to be stopped, too

 private:
  static constexpr std::size_t kRank = 0;

  void begin();
  void on_done(const InspectionReport& report);

  Order order_;
  Handler on_report_;
  base::TimePoint next_{};
  base::TimePoint not_before_{};
  bool started_ = false;
  bool again_ = false;  // soon() was called while one was under way
  event::Timer timer_;
  Inspector inspector_;
};

}  // namespace tandem::vrrpd::io

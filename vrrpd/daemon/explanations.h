// SPDX-License-Identifier: Apache-2.0
// Says in words what keeps a virtual router from its work: for `show`, and in the log if a router stays in Initialize.
// Also runs the self test, whose results are such words. Used on the protocol's thread.
#pragma once

#include <string>
#include <vector>

#include "lib/log/lasting_reasons.h"
#include "vrrpd/daemon/interface_watch.h"
#include "vrrpd/daemon/self_tester.h"

namespace tandem::vrrpd::daemon {

class Explanations {
 public:
  Explanations(RuntimeContext& context, const InterfaceWatch& watch);

  // Why the router is in Initialize, beyond the core's reason; empty: there is no more to say. Precondition: the router
  // has not been removed.
  std::string hindrance(core::RouterId id) const;
  // Of a router that is not in Initialize.
  std::vector<std::string> warnings(core::RouterId id) const;
  std::string device_name(const config::RouterKey& key) const;  // as Runtime::device_name()

  // The router may have come into Initialize or left it. Before its transitions are logged.
  void follow(core::RouterId id, RouterEntry& entry, base::TimePoint now);
  // Sets the timer for what follow() has found; at the end of a turn.
  void set_timer();
  // The log has said why the router is in Initialize.
  void said(core::RouterId id, const std::string& reason, base::TimePoint now) { reasons_.say(id, reason, now); }
  void forget(core::RouterId id);

  // The router is Master, or no longer: its addresses are tested, or not.
  void test(core::RouterId id, bool is_master) { is_master ? self_tester_.begin(id) : self_tester_.end(id); }
  void start_tests();
  void stop_tests() { self_tester_.stop(); }

 private:
  SelfTester::Handlers self_test_handlers();
  std::optional<SelfTester::Subject> test_subject(core::RouterId id) const;
  std::string unanswered_words(core::RouterId id) const;
  std::string station_words(core::RouterId id) const;
  void report();

  RuntimeContext& context_;
  const InterfaceWatch& watch_;
  log::LastingReasons<core::RouterId> reasons_;  // of routers in Initialize
  bool reasons_changed_ = false;
  event::Timer timer_;
  SelfTester self_tester_;
};

}  // namespace tandem::vrrpd::daemon

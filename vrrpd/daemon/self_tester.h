// SPDX-License-Identifier: Apache-2.0
// Has the questions of test_schedule.h asked, a few at a time and with pauses, by a worker: the protocol's
// thread makes up a piece and hears of the answers.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/event/loop.h"
#include "lib/log/log.h"
#include "vrrpd/daemon/test_schedule.h"
#include "vrrpd/io/inquiry.h"

namespace tandem::vrrpd::daemon {

class SelfTester {
 public:
  // A Master, as the kernel has it.
  struct Subject {
    std::vector<base::IpAddress> addresses;  // that its macvlan has, of its virtual addresses
    base::IfIndex macvlan;
    base::MacAddress virtual_mac;
    bool looped;  // the macvlan gives back what it sends to itself
    base::IfIndex parent;
    base::MacAddress parent_mac;
    std::optional<base::IpAddress> wire_sender;  // none: the wire cannot be asked
    std::vector<base::IpAddress> own_senders;    // for each of the addresses
  };
  struct Handlers {
    std::function<std::optional<Subject>(core::RouterId)> describe;  // nothing: the kernel is at work on it
    std::function<void(core::RouterId, TestChange)> own_changed;
    std::function<void(core::RouterId, TestChange)> wire_changed;
  };
  SelfTester(event::Loop& loop, log::Logger& logger, Handlers handlers);

  // From now on questions are asked, by this worker.
  void start(event::Worker& worker);

  void begin(core::RouterId id);  // it is Master
  void end(core::RouterId id);
  void stop();  // without waiting for what is under way

  std::vector<base::IpAddress> unanswered(core::RouterId id) const { return own_.unanswered(id); }
  std::optional<WireTest::Station> station(core::RouterId id) const { return wire_.station(id); }

 private:
  void on_timer();
  std::vector<io::Inquiry> next_of_own(base::TimePoint now);
  std::vector<io::Inquiry> next_of_wire(base::TimePoint now);
  void on_done(const std::vector<io::Inquiry>& inquiries, const io::Findings& findings);
  void judge(const std::vector<io::Inquiry>& inquiries, const io::Findings& findings);
  void judge_wire(const io::Inquiry& inquiry, const std::optional<base::MacAddress>& station);
  void set_timer(base::TimePoint not_before);

  log::Logger& logger_;
  Handlers handlers_;
  OwnTest own_;
  WireTest wire_;
  std::string failure_;  // that was logged
  bool stopped_ = false;
  event::Timer timer_;
  std::optional<io::Inquirer> inquirer_;
};

}  // namespace tandem::vrrpd::daemon

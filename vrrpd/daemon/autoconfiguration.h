// SPDX-License-Identifier: Apache-2.0
// `vrrp autoconfigure`: groups of macvlans that another program made (doc/decisions/0016-autoconfigured-groups.md).
// Pure values; daemon.cpp asks for the macvlans and runs what comes out.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/base/time.h"
#include "vrrpd/config/model.h"
#include "vrrpd/io/foreign.h"

namespace tandem::vrrpd::daemon {

// Decides which macvlans are complete. A program makes a macvlan in several steps, and the kernel takes no IPv6 address on
// one that a Backup uses: a new macvlan counts once it has not changed for kSettling, and from then on with every change.
class SettledMacvlans {
 public:
  static constexpr std::chrono::seconds kSettling{1};

  // Those of `found` that count at `now`. At the first call all count.
  std::vector<io::ForeignMacvlan> look(std::vector<io::ForeignMacvlan> found, base::TimePoint now);
  // The time at which the next one counts if it does not change; nullopt: all count.
  std::optional<base::TimePoint> next_look() const;
  void forget_all() { *this = {}; }

 private:
  struct Seen {
    io::ForeignMacvlan macvlan;
    base::TimePoint since;  // it has been like that
    bool counts;
  };
  bool first_look_ = true;
  std::map<base::IfIndex, Seen> seen_;
};

// The configuration with the groups of these macvlans, if it asks for them. A group that is configured is left as it
// is. `left_out`: why a macvlan makes no group, or one without its addresses: "vrrp 5 on eth1: … (10.0.0.255/24)".
struct Autoconfigured {
  config::Config config;
  std::vector<std::string> left_out;
};
Autoconfigured autoconfigured(const config::Config& configured, std::span<const io::ForeignMacvlan> macvlans);

}  // namespace tandem::vrrpd::daemon

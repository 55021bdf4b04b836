// SPDX-License-Identifier: Apache-2.0
// Adverts per second of each virtual router, between two calls in the same session. PURE.
#pragma once

#include <map>
#include <optional>
#include <tuple>

#include "lib/base/time.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

class AdvertRates {
 public:
  // Adverts per second that a Master sent or a Backup received since the last call for this router. nullopt at the first
  // call and after the counters were cleared. A call within 200 ms repeats the last rate.
  std::optional<double> look(const GroupView& group, const RouterView& router, base::TimePoint now);

 private:
  struct Sample {
    base::TimePoint when;
    std::uint64_t sent;
    std::uint64_t received;
    std::optional<double> rate;
  };
  // Entries of removed routers are few and end with the session.
  std::map<std::tuple<std::string, core::Vrid, core::Family>, Sample> samples_;
};

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
// For the tests of the Reconciler: virtual routers on eth1, and what was done for them.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "vrrpd/io/testing.h"

namespace tandem::vrrpd::io::testing {

inline constexpr base::IfIndex kEth1{2};

inline DesiredDevice backup(unsigned vrid, core::Family family = core::Family::ipv4) {
  return {.interface = "eth1",
          .vrid = core::Vrid(vrid),
          .family = family,
          .claimed = false,
          .addresses = {family == core::Family::ipv4 ? prefix("10.0.0.5", 32) : prefix("fe80::5", 64)}};
}

inline DesiredDevice master(unsigned vrid, core::Family family = core::Family::ipv4) {
  DesiredDevice desired = backup(vrid, family);
  desired.claimed = true;
  return desired;
}

// On a macvlan that another program made.
inline DesiredDevice following(DesiredDevice desired) {
  desired.macvlan = DesiredDevice::Macvlan::followed;
  return desired;
}

inline core::RouterId id_of(const DesiredDevice& desired) {
  return core::RouterId{desired.vrid.value() + (desired.family == core::Family::ipv6 ? 1000U : 0U)};
}

inline void want(Machine& machine, const DesiredDevice& desired) { machine.reconciler.want(id_of(desired), desired); }
inline void forget(Machine& machine, const DesiredDevice& desired) { machine.reconciler.forget(id_of(desired)); }
inline const Outcome& outcome(Machine& machine, const DesiredDevice& desired) {
  return machine.reconciler.outcome(id_of(desired));
}

// Nothing of what it is for is there, and that is why.
inline Outcome refused_entirely(std::string reason) {
  return {.state = Outcome::State::refused, .reason = std::move(reason), .lasting = false, .serves_none = true};
}

inline const Interface* device(const Machine& machine, unsigned vrid, core::Family family = core::Family::ipv4) {
  return machine.kernel.reality.macvlan(kEth1, packet::virtual_mac(core::Vrid(vrid), family));
}

template <class T>
std::vector<T> all_of(const Machine& machine) {
  std::vector<T> found;
  for (const Operation& operation : machine.kernel.log) {
    if (const auto* one = std::get_if<T>(&operation)) {
      found.push_back(*one);
    }
  }
  return found;
}

// In the log; its end if there is none.
template <class T>
std::size_t position_of(const Machine& machine) {
  const auto& log = machine.kernel.log;
  const auto found = std::find_if(log.begin(), log.end(), [](const auto& op) { return std::holds_alternative<T>(op); });
  return static_cast<std::size_t>(found - log.begin());
}

template <class T>
auto refuse_with(int error) {
  return [error](const Operation& operation) { return std::holds_alternative<T>(operation) ? error : 0; };
}

class ReconcilerTest : public ::testing::Test {
 protected:
  ReconcilerTest() { machine.link(ethernet(2, "eth1")); }
  void settle_with(const std::vector<DesiredDevice>& desired) {
    for (const DesiredDevice& one : desired) {
      want(machine, one);
    }
    machine.settle();
  }
  Machine machine;
};

// The same whether the kernel has results at once or not.
class QuickAndSlowKernelTest : public ReconcilerTest, public ::testing::WithParamInterface<bool> {
 protected:
  QuickAndSlowKernelTest() { machine.kernel.slow = GetParam(); }
};
inline std::string speed_of(const ::testing::TestParamInfo<bool>& info) { return info.param ? "Slow" : "Quick"; }

}  // namespace tandem::vrrpd::io::testing

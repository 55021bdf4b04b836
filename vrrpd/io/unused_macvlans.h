// SPDX-License-Identifier: Apache-2.0
// Macvlans that are up although their virtual router is no Master and has let go of everything: they are to be set down
// when there is time (lowering.h). Pure.
#pragma once

#include <optional>
#include <set>

#include "vrrpd/io/desired_state.h"

namespace tandem::vrrpd::io {

class UnusedMacvlans {
 public:
  UnusedMacvlans(const InterfaceTable& table, const DesiredState& desired) : table_(table), desired_(desired) {}

  // A router is settled: takes up its macvlan if that is unused and up.
  void note(const DesiredDevice& desired);
  // One that is still unused; the same until forget().
  std::optional<base::IfIndex> next();
  void forget(base::IfIndex index) { unused_.erase(index); }

 private:
  bool is_unused(base::IfIndex index) const;

  const InterfaceTable& table_;
  const DesiredState& desired_;
  std::set<base::IfIndex> unused_;  // and up, when they were noted
};

}  // namespace tandem::vrrpd::io

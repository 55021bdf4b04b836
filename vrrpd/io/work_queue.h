// SPDX-License-Identifier: Apache-2.0
// What has to be looked at, most urgent first. Each object is on it at most once, so it is never longer than there are
// objects.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "lib/base/ids.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::io {

enum class Urgency {
  release,  // addresses that another router may answer for by now
  claim,    // addresses that no router answers for until we do
  renew,    // leases of addresses
  build,    // macvlans that are not used yet
  tidy,     // what no router wants any more
};

struct Concern {
  enum class Kind { router, device, parent };
  Kind kind;
  std::uint32_t number;  // RouterId or interface index
  auto operator<=>(const Concern&) const = default;
};
inline Concern router_concern(core::RouterId id) { return {Concern::Kind::router, static_cast<std::uint32_t>(id)}; }
inline Concern device_concern(base::IfIndex index) { return {Concern::Kind::device, base::to_number(index)}; }
inline Concern parent_concern(base::IfIndex index) { return {Concern::Kind::parent, base::to_number(index)}; }

class Agenda {
 public:
  // With the urgency of this call, if it is there already.
  void add(Concern concern, Urgency urgency);
  void remove(Concern concern);
  // The most urgent, if it is at least that urgent.
  std::optional<Concern> take(Urgency least);
  bool has(Urgency least) const { return !by_urgency_.empty() && by_urgency_.begin()->first <= least; }
  bool has_other_than(Urgency urgency) const {
    return !by_urgency_.empty() && (by_urgency_.begin()->first != urgency || by_urgency_.rbegin()->first != urgency);
  }

 private:
  std::set<std::pair<Urgency, Concern>> by_urgency_;
  std::map<Concern, Urgency> urgencies_;
};

}  // namespace tandem::vrrpd::io

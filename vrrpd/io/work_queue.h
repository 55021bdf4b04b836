// SPDX-License-Identifier: Apache-2.0
// The virtual routers, macvlans and parents that have to be compared with the kernel, the most urgent first. Each is on
// the queue at most once.
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
// As a minimum: only releases and claims, or everything.
inline constexpr Urgency kUrgent = Urgency::claim;
inline constexpr Urgency kAnyUrgency = Urgency::tidy;

struct WorkItem {
  enum class Kind { router, device, parent };
  Kind kind;
  std::uint32_t number;  // RouterId or interface index
  auto operator<=>(const WorkItem&) const = default;
};
inline WorkItem router_item(core::RouterId id) { return {WorkItem::Kind::router, static_cast<std::uint32_t>(id)}; }
inline WorkItem device_item(base::IfIndex index) { return {WorkItem::Kind::device, base::to_number(index)}; }
inline WorkItem parent_item(base::IfIndex index) { return {WorkItem::Kind::parent, base::to_number(index)}; }

class WorkQueue {
 public:
  // With the urgency of this call, if it is there already.
  void add(WorkItem item, Urgency urgency);
  void remove(WorkItem item);
  // The most urgent, if it is at least that urgent.
  std::optional<WorkItem> take(Urgency minimum);
  bool has(Urgency minimum) const { return !by_urgency_.empty() && by_urgency_.begin()->first <= minimum; }
  bool has_other_than(Urgency urgency) const {
    return !by_urgency_.empty() && (by_urgency_.begin()->first != urgency || by_urgency_.rbegin()->first != urgency);
  }

 private:
  std::set<std::pair<Urgency, WorkItem>> by_urgency_;
  std::map<WorkItem, Urgency> urgencies_;
};

}  // namespace tandem::vrrpd::io

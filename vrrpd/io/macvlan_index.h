// SPDX-License-Identifier: Apache-2.0
// Which macvlans are on which interface, by their MAC address. The kernel puts a macvlan of a macvlan on the interface
// below both, and reports that one: the parent of a macvlan of ours is found by its name (names.h). Follows a
// netlink::InterfaceTable, which is passed to each call.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/mac.h"
#include "lib/netlink/interface_table.h"

namespace tandem::vrrpd::io {

class MacvlanIndex {
 public:
  // A link of the table has changed, or is new.
  void update(const netlink::Link& link, const netlink::InterfaceTable& table);
  void remove(base::IfIndex index);

  // Macvlan on `parent` with this MAC address, ours or not; nullptr: none. The kernel lets only one of several be up:
  // that one, or else the first.
  const netlink::Interface* find(base::IfIndex parent, const base::MacAddress& mac,
                                 const netlink::InterfaceTable& table) const;
  // What a macvlan was made on.
  base::IfIndex parent_of(const netlink::Link& macvlan, const netlink::InterfaceTable& table) const;
  std::vector<base::IfIndex> macvlans_on(base::IfIndex parent) const;
  // Those whose parent is a macvlan that is of no virtual router, with that parent.
  std::map<base::IfIndex, base::IfIndex> on_macvlans() const;

 private:
  using Key = std::pair<base::IfIndex, base::MacAddress>;  // parent and MAC address

  std::map<Key, std::set<base::IfIndex>> macvlans_;
  std::map<base::IfIndex, Key> keys_;  // in macvlans_
  // Macvlans with other MAC addresses than those of virtual routers: they may be parents. With what may stand for them
  // in the names of their macvlans, and the same by that.
  std::map<base::IfIndex, std::vector<std::string>> plain_;
  std::multimap<std::string, base::IfIndex, std::less<>> parents_by_word_;
};

}  // namespace tandem::vrrpd::io

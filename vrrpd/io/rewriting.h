// SPDX-License-Identifier: Apache-2.0
// Whose packets are to be seen as packets of the interface below (doc/decisions/0038): those to the virtual MAC address
// of each virtual router that is Master. Notes what is wanted, and says what has changed since it was asked last.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "vrrpd/io/desired.h"
#include "vrrpd/io/interfaces.h"

namespace tandem::vrrpd::io {

// Unicast IP packets to `virtual_mac` that arrive at the parent get the parent's MAC address.
struct Rewrite {
  base::IfIndex parent = base::kNoInterface;
  std::string name;  // of the parent
  base::MacAddress mac;
  base::MacAddress virtual_mac;
  bool operator==(const Rewrite&) const = default;
};

struct RewriteChanges {
  std::vector<Rewrite> removed;
  std::vector<Rewrite> added;  // after what is removed
  bool empty() const { return removed.empty() && added.empty(); }
};

class Rewriting {
 public:
  void want(core::RouterId id, const DesiredDevice& desired);
  void forget(core::RouterId id);
  // These interfaces, by name, may have another index or MAC address; or any.
  void recheck(const std::set<std::string>& interfaces);
  void recheck_all();

  RewriteChanges take_changes(const InterfaceTable& table);

 private:
  struct Wish {
    std::string interface;
    base::MacAddress virtual_mac;
  };

  std::map<core::RouterId, Wish> wishes_;  // of Masters
  std::map<core::RouterId, Rewrite> told_;
  std::set<core::RouterId> doubtful_;  // told_ may differ from what is right
};

}  // namespace tandem::vrrpd::io

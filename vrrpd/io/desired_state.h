// SPDX-License-Identifier: Apache-2.0
// What the virtual routers want of the kernel and what has become of it: by router, and by the macvlan that each is to
// have.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vrrpd/io/desired.h"
#include "vrrpd/io/interfaces.h"

namespace tandem::vrrpd::io {

class DesiredState {
 public:
  // Names a macvlan before it exists: its parent's name and its virtual MAC address.
  using Key = std::pair<std::string, base::MacAddress>;
  struct Entry {
    DesiredDevice desired;
    Outcome outcome{};
    std::string logged{};      // the reason that was logged last
    bool serves_none = false;  // none of its addresses is possible
  };
  explicit DesiredState(const InterfaceTable& table) : table_(table) {}

  static Key key_of(const DesiredDevice& desired);

  // Replaces what the router wanted before. Its outcome is pending. Precondition: it wanted the same macvlan, or nothing.
  void set(core::RouterId id, DesiredDevice desired);
  // Returns what the router wanted; nullopt: nothing.
  std::optional<DesiredDevice> erase(core::RouterId id);
  void clear();

  const Entry* find(core::RouterId id) const;  // nullptr: the router wants nothing
  Entry& at(core::RouterId id) { return entries_.at(id); }
  const Entry& at(core::RouterId id) const { return entries_.at(id); }
  const std::map<core::RouterId, Entry>& all() const { return entries_; }

  // The routers that want a macvlan on the interface of that name, by MAC address.
  std::vector<core::RouterId> routers_on(const std::string& parent) const;
  bool has_routers_on(const std::string& parent) const;
  // The router that wants this macvlan; kNoRouter: none does.
  core::RouterId user_of(const netlink::Link& macvlan) const;

  // The macvlan in the table that is used for it; nullptr: none yet.
  const Interface* device(const DesiredDevice& desired) const;
  base::IfIndex device_of(core::RouterId id) const;  // kNoInterface: none yet

 private:
  using Owners = std::map<Key, core::RouterId>;
  Owners::const_iterator first_on(const std::string& parent) const;

  const InterfaceTable& table_;
  std::map<core::RouterId, Entry> entries_;
  Owners owners_;
};

}  // namespace tandem::vrrpd::io

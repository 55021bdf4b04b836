// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/macvlan_index.h"

#include <algorithm>
#include <utility>

#include "vrrpd/io/names.h"

namespace tandem::vrrpd::io {

void MacvlanIndex::update(const netlink::Link& link, const netlink::InterfaceTable& table) {
  remove(link.index);
  if (!link.macvlan) {
    return;
  }
  if (!packet::parse_virtual_mac(link.mac)) {
    std::vector<std::string> words = words_for_parent(link.name, link.index);
    for (const std::string& word : words) {
      parents_by_word_.emplace(word, link.index);
    }
    plain_.emplace(link.index, std::move(words));
  }
  const Key key{parent_of(link, table), link.mac};
  macvlans_[key].insert(link.index);
  keys_.insert_or_assign(link.index, key);
}

void MacvlanIndex::remove(base::IfIndex index) {
  if (const auto plain = plain_.find(index); plain != plain_.end()) {
    for (const std::string& word : plain->second) {
      const auto [first, last] = parents_by_word_.equal_range(word);
      const auto own = std::find_if(first, last, [index](const auto& entry) { return entry.second == index; });
      if (own != last) {
        parents_by_word_.erase(own);
      }
    }
    plain_.erase(plain);
  }
  if (const auto key = keys_.find(index); key != keys_.end()) {
    const auto macvlan = macvlans_.find(key->second);
    macvlan->second.erase(index);
    if (macvlan->second.empty()) {
      macvlans_.erase(macvlan);
    }
    keys_.erase(key);
  }
}

base::IfIndex MacvlanIndex::parent_of(const netlink::Link& macvlan, const netlink::InterfaceTable& table) const {
  const auto owner = packet::parse_virtual_mac(macvlan.mac);
  if (!owner || !is_tandem_group(macvlan.group)) {
    return macvlan.parent;
  }
  const auto [first, last] = parents_by_word_.equal_range(word_for_parent(macvlan.name));
  for (auto at = first; at != last; ++at) {
    const base::IfIndex index = at->second;
    const netlink::Interface* const parent = table.find(index);
    if (parent != nullptr && parent->link.parent == macvlan.parent &&
        (macvlan.name == device_name(parent->link.name, owner->vrid, owner->family) ||
         macvlan.name == device_name_by_index(index, owner->vrid, owner->family))) {
      return index;
    }
  }
  return macvlan.parent;
}

const netlink::Interface* MacvlanIndex::find(base::IfIndex parent, const base::MacAddress& mac,
                                             const netlink::InterfaceTable& table) const {
  const auto found = macvlans_.find({parent, mac});
  if (found == macvlans_.end()) {
    return nullptr;
  }
  for (const base::IfIndex index : found->second) {
    const netlink::Interface* const candidate = table.find(index);
    if (candidate->link.admin_up) {
      return candidate;
    }
  }
  return table.find(*found->second.begin());
}

std::vector<base::IfIndex> MacvlanIndex::macvlans_on(base::IfIndex parent) const {
  std::vector<base::IfIndex> found;
  for (auto at = macvlans_.lower_bound({parent, base::MacAddress{}});
       at != macvlans_.end() && at->first.first == parent; ++at) {
    found.insert(found.end(), at->second.begin(), at->second.end());
  }
  return found;
}

std::map<base::IfIndex, base::IfIndex> MacvlanIndex::on_macvlans() const {
  std::map<base::IfIndex, base::IfIndex> parents;
  for (const auto& [parent, words] : plain_) {
    for (const base::IfIndex macvlan : macvlans_on(parent)) {
      parents.emplace(macvlan, parent);
    }
  }
  return parents;
}

}  // namespace tandem::vrrpd::io

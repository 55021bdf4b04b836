// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/ingress.h"

#include <algorithm>
#include <iterator>

namespace tandem::vrrpd::io {
namespace {

IngressRules::Macs without(const IngressRules::Macs& macs, const IngressRules::Macs& others) {
  IngressRules::Macs rest;
  std::set_difference(macs.begin(), macs.end(), others.begin(), others.end(), std::inserter(rest, rest.end()));
  return rest;
}

}  // namespace

// `before`: the parents that are concerned, as they were. Returns whether the difference can be told to the kernel: not
// that a parent has another name or MAC address.
bool Ingress::enter(const RewriteChanges& changes, Before& before) {
  bool possible = true;
  const auto keep = [&](base::IfIndex index) {
    const auto known = parents_.find(index);
    before.emplace(index, known == parents_.end() ? std::nullopt : std::optional(known->second));
  };
  for (const Rewrite& removed : changes.removed) {
    keep(removed.parent);
    if (const auto known = parents_.find(removed.parent); known != parents_.end()) {
      known->second.virtual_macs.erase(removed.virtual_mac);
    }
  }
  for (const Rewrite& added : changes.added) {
    keep(added.parent);
    IngressRules::Parent& parent = parents_[added.parent];
    const auto& old = before.at(added.parent);
    possible = possible && (!old || (old->name == added.name && old->mac == added.mac));
    parent.name = added.name;
    parent.mac = added.mac;
    parent.virtual_macs.insert(added.virtual_mac);
  }
  return possible;
}

void Ingress::add_difference(nft::Batch& batch, base::IfIndex index,
                             const std::optional<IngressRules::Parent>& before) const {
  const auto known = parents_.find(index);
  if (known == parents_.end()) {
    return;
  }
  const IngressRules::Macs old = before ? before->virtual_macs : IngressRules::Macs();
  const IngressRules::Macs& now = known->second.virtual_macs;
  const IngressRules::Macs added = without(now, old);
  const IngressRules::Macs removed = without(old, now);
  if (!before) {
    rules().add_parent(batch, index, known->second);
  }
  if (!removed.empty()) {
    rules().remove_elements(batch, index, removed);
    rules().allow_redirects(batch, index, old, now);
  }
  if (!added.empty()) {
    rules().add_elements(batch, index, added);
    rules().hold_redirects(batch, index, added);
  }
}

base::Result<> Ingress::change(const RewriteChanges& changes) {
  Before before;
  if (enter(changes, before) && kernel_ == Kernel::as_parents) {
    nft::Batch batch;
    for (const auto& [index, old] : before) {
      add_difference(batch, index, old);
    }
    // It fails if an element's time is over, or if the kernel has removed the chain together with the interface.
    if (batch.is_empty() || run_(batch.finish())) {
      return {};
    }
  }
  return make_all();
}

// All in one transaction, so that no packet finds less than before.
base::Result<> Ingress::make_all() {
  std::erase_if(parents_, [](const auto& parent) { return parent.second.virtual_macs.empty(); });
  if (parents_.empty()) {
    static_cast<void>(remove_all());  // that there is nothing is no loss where nothing can be
    return {};
  }
  nft::Batch batch;
  delete_ingress_tables(batch, tables_);
  rules().create_tables(batch);
  for (const auto& [index, parent] : parents_) {
    rules().add_parent(batch, index, parent);
    rules().add_elements(batch, index, parent.virtual_macs);
    rules().hold_redirects(batch, index, parent.virtual_macs);
  }
  base::Result<> made = run_(batch.finish());
  kernel_ = made ? Kernel::as_parents : Kernel::unknown;
  return made;
}

base::Result<> Ingress::renew() {
  const bool in_use = std::any_of(parents_.begin(), parents_.end(),
                                  [](const auto& parent) { return !parent.second.virtual_macs.empty(); });
  if (!in_use || kernel_ != Kernel::as_parents) {
    return make_all();
  }
  nft::Batch batch;
  rules().allow_all_redirects(batch);
  for (const auto& [index, parent] : parents_) {
    if (parent.virtual_macs.empty()) {
      rules().remove_parent(batch, index);
      continue;
    }
    rules().remove_all_elements(batch, index);
    rules().add_elements(batch, index, parent.virtual_macs);
    rules().hold_redirects(batch, index, parent.virtual_macs);
  }
  std::erase_if(parents_, [](const auto& parent) { return parent.second.virtual_macs.empty(); });
  return run_(batch.finish()) ? base::Result<>() : make_all();
}

base::Result<> Ingress::remove_all() {
  parents_.clear();
  if (kernel_ == Kernel::empty) {
    return {};
  }
  nft::Batch batch;
  delete_ingress_tables(batch, tables_);
  base::Result<> removed = run_(batch.finish());
  kernel_ = removed ? Kernel::empty : Kernel::unknown;
  return removed;
}

}  // namespace tandem::vrrpd::io

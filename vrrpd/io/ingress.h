// SPDX-License-Identifier: Apache-2.0
// The rules of decision 0038 in the kernel: what should be there, and the transactions that make it so. Owns no socket.
// What it made is gone at the latest when its elements have not been renewed for a lease (the addresses' own).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "lib/base/result.h"
#include "vrrpd/io/ingress_rules.h"
#include "vrrpd/io/rewriting.h"

namespace tandem::vrrpd::io {

class Ingress {
 public:
  using Run = std::function<base::Result<>(std::span<const std::byte> transaction)>;
  Ingress(std::string_view instance, Run run) : tables_(ingress_tables(instance)), run_(std::move(run)) {}

  void set_lease(std::chrono::seconds lease) { lease_ = lease; }
  // The first one replaces whatever a worker before has left.
  base::Result<> change(const RewriteChanges& changes);
  // Of all elements; tries again what has failed. The chain of a parent goes here when no virtual router of it is
  // Master any more: to make one takes the kernel ten times as long as to add an element.
  base::Result<> renew();
  base::Result<> remove_all();

 private:
  using Parents = std::map<base::IfIndex, IngressRules::Parent>;

  using Before = std::map<base::IfIndex, std::optional<IngressRules::Parent>>;  // none: there was no chain

  bool enter(const RewriteChanges& changes, Before& before);
  void add_difference(nft::Batch& batch, base::IfIndex index, const std::optional<IngressRules::Parent>& before) const;
  base::Result<> make_all();
  IngressRules rules() const { return {tables_, lease_}; }

  IngressTables tables_;
  Run run_;
  std::chrono::seconds lease_{0};
  Parents parents_;
  enum class Kernel { unknown, empty, as_parents };
  Kernel kernel_ = Kernel::unknown;
};

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
// The tables, chains, rules and sets that decision 0038 describes, as messages of nf_tables. One chain and one set for
// each parent, so that a packet costs one look whatever the number of virtual routers.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/ids.h"
#include "lib/base/mac.h"
#include "lib/nft/batch.h"

namespace tandem::vrrpd::io {

// Of the instance (`-N`); two tables, because one chain sees what arrives and the other what this machine sends.
struct IngressTables {
  std::string ingress;    // family netdev
  std::string redirects;  // family inet
};
IngressTables ingress_tables(std::string_view instance);

// A transaction that removes both, as the supervisor needs it.
std::vector<std::byte> removal_of(const IngressTables& tables);

// Removes both, whether they exist or not; does not fail if they do.
void delete_ingress_tables(nft::Batch& batch, const IngressTables& tables);

class IngressRules {
 public:
  using Macs = std::set<base::MacAddress>;
  struct Parent {
    std::string name;
    base::MacAddress mac;
    Macs virtual_macs;
  };

  // Elements go by themselves after `lease`; 0: they stay.
  IngressRules(const IngressTables& tables, std::chrono::seconds lease) : tables_(tables), lease_(lease) {}

  // Into tables that do not exist.
  void create_tables(nft::Batch& batch) const;
  // The chain and the set of a parent, without elements.
  void add_parent(nft::Batch& batch, base::IfIndex index, const Parent& parent) const;
  void remove_parent(nft::Batch& batch, base::IfIndex index) const;
  void add_elements(nft::Batch& batch, base::IfIndex index, const Macs& macs) const;
  // Fails if one does not exist.
  void remove_elements(nft::Batch& batch, base::IfIndex index, const Macs& macs) const;
  void remove_all_elements(nft::Batch& batch, base::IfIndex index) const;
  // The parent sends no redirects for the families of these addresses.
  void hold_redirects(nft::Batch& batch, base::IfIndex index, const Macs& macs) const;
  void allow_redirects(nft::Batch& batch, base::IfIndex index, const Macs& before, const Macs& now) const;
  void allow_all_redirects(nft::Batch& batch) const;

 private:
  void add_rules(nft::Batch& batch, const std::string& chain, const Parent& parent) const;
  void add_redirect_rules(nft::Batch& batch) const;
  void put_timeout(nft::Batch& batch) const;

  const IngressTables& tables_;
  std::chrono::seconds lease_;
};

}  // namespace tandem::vrrpd::io

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/kernel_state.h"

#include <algorithm>

#include "lib/base/overloaded.h"

namespace tandem::vrrpd::io {
bool is_building(const Operation& operation, const KernelState& kernel_state) {
  return std::visit(base::Overloaded{[](const CreateDevice&) { return true; }, [](const SetProtodown&) { return true; },
                                     [&](const PrepareDevice& op) {
                                       return !kernel_state.adopted.contains(op.index);
                                     },  // originals to remember
                                     [](const auto&) { return false; }},
                    operation);
}

void recognise_prepared(const InterfaceTable& table, KernelState& kernel_state) {
  for (const auto& [index, interface] : table.all()) {
    const netlink::Link& link = interface.link;
    const auto owner = packet::parse_virtual_mac(link.mac);
    if (!kernel_state.is_ours(link) || !owner || !(link.admin_up || link.protodown)) {
      continue;
    }
    if (!link.admin_up) {  // a Backup's
      kernel_state.prepared[index] = KernelState::Ipv6::off;
      continue;
    }
    const bool addressed =
        std::any_of(interface.addresses.begin(), interface.addresses.end(),
                    [&](const netlink::Address& address) { return address.prefix.address.family() == owner->family; });
    if (owner->family == core::Family::ipv4 || addressed) {
      kernel_state.prepared[index] =
          owner->family == core::Family::ipv6 ? KernelState::Ipv6::on : KernelState::Ipv6::off;
    }
  }
}

void KernelState::note(const Operation& done) {
  std::visit(base::Overloaded{// never replaces one remembered from before a crash
                              [this](const AdoptDevice& op) { adopted.emplace(op.index, op.original); },
                              [this](const PrepareDevice& op) {
                                prepared[op.index] = Ipv6::off;
                                deviating.erase(op.index);
                              },
                              [this](const HealSettings& op) { deviating.erase(op.index); },
                              [this](const DisableIpv6& op) {
                                if (const auto known = prepared.find(op.index); known != prepared.end()) {
                                  known->second = Ipv6::off;
                                }
                              },
                              [this](const EnableIpv6& op) {
                                prepared[op.index] = Ipv6::on;
                                deviating.erase(op.index);  // found at a Backup; the next inspection finds what is left
                              },
                              [this](const ReturnDevice& op) {
                                adopted.erase(op.index);
                                prepared.erase(op.index);
                              },
                              [this](const SetGroup& op) {
                                if (op.group == groups.pending_deletion) {
                                  prepared.erase(op.index);
                                }
                              },
                              [this](const GuardParent& op) {
                                (op.family == core::Family::ipv4 ? guarded : guarded_ipv6).insert(op.index);
                                left_guarded.erase(op.index);
                              },
                              [this](const ReleaseParent& op) {
                                guarded.erase(op.index);
                                guarded_ipv6.erase(op.index);
                                left_guarded.erase(op.index);
                              },
                              [](const auto&) {}},
             done);
}

std::set<base::IfIndex> KernelState::gone_from(const InterfaceTable& table) const {
  std::set<base::IfIndex> gone;
  const auto check = [&](base::IfIndex index) {
    if (table.find(index) == nullptr) {
      gone.insert(index);
    }
  };
  for (const auto& [index, ipv6] : prepared) {
    check(index);
  }
  for (const auto& [index, original] : adopted) {
    check(index);
  }
  std::for_each(guarded.begin(), guarded.end(), check);
  std::for_each(guarded_ipv6.begin(), guarded_ipv6.end(), check);
  return gone;
}

void KernelState::forget(base::IfIndex index) {
  deviating.erase(index);
  prepared.erase(index);
  adopted.erase(index);
  guarded.erase(index);
  guarded_ipv6.erase(index);
  left_guarded.erase(index);
}

}  // namespace tandem::vrrpd::io

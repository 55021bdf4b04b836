// SPDX-License-Identifier: Apache-2.0
// For the tests of this folder only: interfaces, and a kernel that carries out operations on an InterfaceTable of its
// own and reports what has changed.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <functional>
#include <string>
#include <utility>

#include "vrrpd/io/reconciler.h"

namespace tandem::vrrpd::io::testing {

inline const LinkGroups kGroups = link_groups("");

inline base::IpPrefix prefix(std::string_view address, unsigned length) {
  return {*base::IpAddress::parse(address), static_cast<std::uint8_t>(length)};
}

inline netlink::Link ethernet(unsigned index, std::string name) {
  netlink::Link link;
  link.index = base::IfIndex{index};
  link.name = std::move(name);
  link.admin_up = true;
  link.running = true;
  link.ethernet = true;
  return link;
}

inline netlink::Link macvlan(unsigned index, std::string name, unsigned parent, core::Vrid vrid) {
  netlink::Link link = ethernet(index, std::move(name));
  link.parent = base::IfIndex{parent};
  link.mac = packet::virtual_mac(vrid, core::Family::ipv4);
  link.group = kGroups.live;
  link.macvlan = netlink::Macvlan{netlink::MacvlanMode::bridge};
  return link;
}

inline void add_link(InterfaceTable& table, netlink::Link link) { table.apply(netlink::LinkChanged{std::move(link)}); }
inline void add_address(InterfaceTable& table, unsigned index, base::IpPrefix address) {
  table.apply(netlink::AddressAdded{{.interface = base::IfIndex{index}, .prefix = address}});
}

// Does what the real kernel does for each operation, and reports it, or refuses it.
class FakeKernel final : public Kernel {
 public:
  InterfaceTable reality;
  std::vector<Operation> log;                   // what was carried out
  std::function<int(const Operation&)> refuse;  // returns an errno value to refuse with, or 0
  std::deque<netlink::Event> events;            // reported and not heard yet
  std::set<base::IfIndex> forgotten;
  std::deque<std::vector<Task>> builds;  // not carried out yet
  bool slow = false;                     // others hold its lock: execute() has no results at once
  std::vector<Task> executing;           // then

  void happen(netlink::Event event) {
    if (reality.apply(event) != InterfaceTable::Effect::nothing) {
      events.push_back(std::move(event));
    }
  }

  std::optional<std::vector<base::Result<>>> execute(std::span<const Task> tasks) override {
    EXPECT_TRUE(executing.empty()) << "one after the other";
    largest_step = std::max(largest_step, tasks.size());
    if (slow) {
      executing.assign(tasks.begin(), tasks.end());
      return std::nullopt;
    }
    return carry_out(tasks);
  }
  std::vector<base::Result<>> carry_out(std::span<const Task> tasks) {
    std::vector<base::Result<>> results;
    for (const Task& task : tasks) {
      const int error = error_of(task.operation);
      if (error != 0) {
        results.push_back(base::Unexpected<base::Error>(base::Error{std::strerror(error), error}));
        continue;
      }
      log.push_back(task.operation);
      std::visit([this](const auto& op) { apply(op); }, task.operation);
      results.emplace_back();
    }
    return results;
  }
  void build(std::span<const Task> tasks) override { builds.emplace_back(tasks.begin(), tasks.end()); }
  void remember(base::IfIndex index, const Original& original) override { originals_[index] = original; }
  void forget(base::IfIndex index) override { forgotten.insert(index); }

  void carry_out_deletions() {
    const std::map<base::IfIndex, Interface> all = reality.all();
    for (const auto& [index, interface] : all) {
      if (interface.link.group == kGroups.pending_deletion || interface.link.group == kGroups.deleting) {
        happen(netlink::LinkRemoved{index});
      }
    }
  }

  std::size_t largest_step = 0;

 private:
  // As the real one; what is carried out later may come too late.
  int error_of(const Operation& operation) const {
    if (const int error = refuse ? refuse(operation) : 0; error != 0) {
      return error;
    }
    if (const auto* create = std::get_if<CreateDevice>(&operation)) {
      return reality.find(create->macvlan.parent) == nullptr ? ENODEV
             : reality.find(create->macvlan.name) != nullptr ? EEXIST
                                                             : 0;
    }
    return reality.find(device_of(operation)) == nullptr ? ENODEV : 0;
  }
  template <class Change>
  void change_link(base::IfIndex index, Change change) {
    netlink::Link link = reality.find(index)->link;
    change(link);
    happen(netlink::LinkChanged{link});
  }
  // What the real one does not report of a link that is down.
  template <class Change>
  void change_quietly(base::IfIndex index, Change change) {
    netlink::Link link = reality.find(index)->link;
    change(link);
    if (link.admin_up) {
      happen(netlink::LinkChanged{link});
    } else {
      reality.apply(netlink::LinkChanged{link});
    }
  }
  template <class Which>
  void remove_addresses(base::IfIndex index, Which which) {
    const std::vector<netlink::Address> addresses = reality.find(index)->addresses;
    for (const netlink::Address& address : addresses) {
      if (which(address.prefix)) {
        happen(netlink::AddressRemoved{address});
      }
    }
  }

  void apply(const AdoptDevice& op) { originals_.emplace(op.index, op.original); }
  void apply(const DisableIpv6& op) {
    remove_addresses(op.index, [](const auto& address) { return address.address.family() == core::Family::ipv6; });
  }
  void apply(const RemoveAddress& op) {
    remove_addresses(op.index, [&](const auto& address) { return address == op.prefix; });
  }
  void apply(const ReturnDevice& op) {
    const Original original = originals_.at(op.index);
    change_link(op.index, [&](netlink::Link& link) {
      link.admin_up = false;
      link.protodown = false;
      link.macvlan->mode = original.mode;
    });
    originals_.erase(op.index);
    EXPECT_TRUE(op.original == original) << "of " << original.name;
    for (const base::IpPrefix& address : original.addresses) {
      happen(netlink::AddressAdded{{.interface = op.index, .prefix = address}});
    }
  }
  void apply(const SetGroup& op) {
    change_quietly(op.index, [&](netlink::Link& link) { link.group = op.group; });
  }
  void apply(const GuardParent&) {}
  void apply(const ReleaseParent&) {}
  void apply(const CreateDevice& op) {
    netlink::Link link = ethernet(next_index_++, op.macvlan.name);
    const netlink::Link& parent = reality.find(op.macvlan.parent)->link;
    link.parent = parent.macvlan ? parent.parent : parent.index;  // that below a macvlan
    link.mac = op.macvlan.mac;
    link.group = op.macvlan.group;
    link.admin_up = false;
    link.macvlan = netlink::Macvlan{op.macvlan.mode};
    link.vrf = op.macvlan.vrf;
    happen(netlink::LinkChanged{link});
  }
  void apply(const PrepareDevice&) {}
  void apply(const HealSettings&) {}
  void apply(const SetMtu& op) {
    change_link(op.index, [&](netlink::Link& link) { link.mtu = op.mtu; });
  }
  void apply(const SetVrf& op) {
    change_link(op.index, [&](netlink::Link& link) { link.vrf = op.vrf; });
    remove_addresses(op.index, [](const auto& address) { return address.address.family() == core::Family::ipv6; });
  }
  void apply(const SetMode& op) {
    change_quietly(op.index, [&](netlink::Link& link) { link.macvlan->mode = op.mode; });
  }
  void apply(const SetProtodown& op) {
    change_quietly(op.index, [&](netlink::Link& link) { link.protodown = op.protodown == netlink::Protodown::on; });
  }
  void apply(const SetLinkUp& op) {
    change_link(op.index, [](netlink::Link& link) { link.admin_up = true; });
  }
  void apply(const SetLinkDown& op) {
    change_link(op.index, [](netlink::Link& link) { link.admin_up = false; });
  }
  void apply(const EnableIpv6&) {}
  // That it is there already, with that lifetime, is reported again.
  void apply(const AddAddress& op) {
    const netlink::AddressAdded added{{.interface = op.index, .prefix = op.prefix, .lifetime = lifetime_of(op.lease)}};
    reality.apply(added);
    events.emplace_back(added);
  }

  std::map<base::IfIndex, Original> originals_;
  unsigned next_index_ = 1000;
};

// A reconciler with a kernel, and the ear in between.
class Machine {
 public:
  FakeKernel kernel;
  InterfaceTable table;
  KernelState kernel_state{.groups = kGroups, .prepared = {}, .adopted = {}, .guarded = {}, .left_guarded = {}};
  log::Logger logger;
  Reconciler reconciler{Reconciler::Dependencies{kernel, table, kernel_state, logger}};

  void hear() {
    while (!kernel.events.empty()) {
      const netlink::Event event = std::move(kernel.events.front());
      kernel.events.pop_front();
      reconciler.on_event(event);
    }
  }
  // Carries out the oldest build step.
  void finish_one() {
    const std::vector<Task> tasks = std::move(kernel.builds.front());
    kernel.builds.pop_front();
    const std::vector<base::Result<>> results = kernel.carry_out(tasks);
    hear();
    reconciler.on_built(results);
  }
  // What takes long.
  void finish_execution() {
    const std::vector<base::Result<>> results = kernel.carry_out(std::exchange(kernel.executing, {}));
    hear();
    reconciler.on_executed(results);
  }
  // Until nothing is left to do, pending deletions included.
  void settle() {
    hear();
    for (int rounds = 0; has_work(); ++rounds) {
      ASSERT_LT(rounds, 10'000) << "it never ends";
      while (reconciler.has_work(kAnyUrgency)) {
        reconciler.step(kAnyUrgency);
      }
      if (!kernel.executing.empty()) {
        finish_execution();
      }
      if (!kernel.builds.empty()) {
        finish_one();
      }
      kernel.carry_out_deletions();
      hear();
    }
  }
  // Sets macvlans down that are not used any more, as the kernel worker does when there is nothing else to do.
  void lower() {
    while (const auto index = reconciler.next_unused()) {
      kernel.carry_out(std::vector<Task>{{kNoRouter, SetProtodown{*index, netlink::Protodown::on}},
                                         {kNoRouter, SetLinkDown{*index}}});
      reconciler.forget_unused(*index);
      settle();
    }
  }
  bool has_work() const {
    return reconciler.has_work(kAnyUrgency) || !kernel.builds.empty() || !kernel.executing.empty();
  }
  void link(netlink::Link link) { kernel.happen(netlink::LinkChanged{std::move(link)}); }
  void address(unsigned index, base::IpPrefix prefix) {
    kernel.happen(netlink::AddressAdded{{.interface = base::IfIndex{index}, .prefix = prefix}});
  }
  void remove(base::IfIndex index) { kernel.happen(netlink::LinkRemoved{index}); }
};

}  // namespace tandem::vrrpd::io::testing

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/executor.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <iterator>
#include <optional>
#include <utility>

#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {
namespace {

struct Setting {
  std::string_view key;
  int value;
};

// What keeps a macvlan deaf and mute, and off the wire until it is Master. Those of IPv4 and addr_gen_mode are set by
// one netlink message on our own macvlans.
constexpr std::array<Setting, 3> kCommonSettings{
    {{"ipv4/rp_filter", 2},        // loose; without an address everything is dropped
     {"ipv4/arp_ignore", 1},       // answer for addresses of this interface only
     {"ipv6/addr_gen_mode", 1}}};  // none: a virtual MAC makes no interface identifier (RFC 9568 §7.4)
constexpr Setting kIpv6Off{"ipv6/disable_ipv6", 1};
constexpr Setting kIpv6On{"ipv6/disable_ipv6", 0};
constexpr std::array<Setting, 4> kIpv6Settings{
    {{"ipv6/accept_ra", 0},
     {"ipv6/router_solicitations", 0},
     {"ipv6/accept_dad", 0},
     {"ipv6/forwarding", 1}}};  // neighbour advertisements carry the Router flag (RFC 9568 §8.2.2)

std::vector<Setting> settings_of(core::Family family) {
  // IPv6 off first: what follows happens in silence.
  std::vector<Setting> settings{kIpv6Off};
  settings.insert(settings.end(), kCommonSettings.begin(), kCommonSettings.end());
  if (family == core::Family::ipv6) {
    settings.insert(settings.end(), kIpv6Settings.begin(), kIpv6Settings.end());
  }
  return settings;
}

constexpr std::array<netlink::Ipv4Setting, 2> kIpv4Options{
    {{netlink::Ipv4Option::rp_filter, 2}, {netlink::Ipv4Option::arp_ignore, 1}}};

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

// The netlink request of an operation; the others are done by finish() alone.
std::optional<netlink::Request> request_of(const Operation& operation) {
  using Maybe = std::optional<netlink::Request>;
  return std::visit(
      Overloaded{[](const RemoveAddress& op) { return Maybe(netlink::delete_address(op.index, op.prefix)); },
                 [](const AddAddress& op) { return Maybe(netlink::add_address(op.index, op.prefix)); },
                 [](const SetGroup& op) { return Maybe(netlink::set_group(op.index, op.group)); },
                 [](const CreateDevice& op) { return Maybe(netlink::create_macvlan(op.macvlan)); },
                 [](const PrepareDevice& op) { return Maybe(netlink::set_link_options(op.index, kIpv4Options)); },
                 [](const SetMode& op) { return Maybe(netlink::set_macvlan_mode(op.index, op.mode)); },
                 [](const SetLinkUp& op) { return Maybe(netlink::set_admin_state(op.index, netlink::AdminState::up)); },
                 [](const auto&) { return Maybe(); }},
      operation);
}

// What an operator reads: "cannot ...".
std::string_view deed_of(const Operation& operation) {
  constexpr std::array<std::string_view, std::variant_size_v<Operation>> kDeeds{
      "take over the macvlan", "switch IPv6 off",       "remove an address",
      "give the macvlan back", "set the link group",    "set arp_ignore, arp_announce and accept_local",
      "restore its sysctls",   "create the macvlan",    "prepare the macvlan",
      "set the macvlan mode",  "set the link up",       "switch IPv6 on",
      "add a virtual address", "delete unused macvlans"};
  return kDeeds.at(operation.index());
}

// The interface that an operation is about, kNoInterface if it has no index yet.
base::IfIndex device_of(const Operation& operation) {
  return std::visit(
      Overloaded{[](const CreateDevice&) { return base::kNoInterface; },
                 [](const EmptyGraveyard&) { return base::kNoInterface; }, [](const auto& op) { return op.index; }},
      operation);
}

// Errors that say that somebody else was faster: the notification of it is on its way.
bool overtaken(const Operation& operation, int code) {
  const bool gone = code == ENODEV || code == ENOENT;
  return (gone && !std::holds_alternative<CreateDevice>(operation)) ||
         (code == EADDRNOTAVAIL && std::holds_alternative<RemoveAddress>(operation));
}

}  // namespace

Executor::Executor(Parts parts, InterfaceTable& table, Memory& memory)
    : parts_(parts), sysctls_(parts.sysctls, parts.logger), table_(table), memory_(memory) {
  saved_ = parts_.state_file.load();
  std::erase_if(saved_.sysctls, [&](const auto& entry) { return table_.find(entry.first.first) == nullptr; });
  std::erase_if(saved_.adopted, [&](const auto& entry) { return table_.find(entry.first) == nullptr; });
  memory_.adopted = saved_.adopted;
  for (const auto& [key, saved] : saved_.sysctls) {
    if (!memory_.adopted.contains(key.first)) {
      memory_.left_guarded.insert(key.first);
    }
  }
}

Executor::Outcome Executor::execute(std::span<const Operation> operations) {
  remember_originals(operations);
  unsafe_.clear();
  Outcome outcome = Outcome::done;
  while (!operations.empty()) {
    const auto end = std::find_if(operations.begin(), operations.end(), [&](const Operation& operation) {
      return operation.index() != operations.front().index();
    });
    const auto count = static_cast<std::size_t>(end - operations.begin());
    if (execute_alike(operations.first(count)) == Outcome::some_failed) {
      outcome = Outcome::some_failed;
    }
    operations = operations.subspan(count);
  }
  return outcome;
}

// Operations of one kind: their netlink requests go in one batch, the rest follows one by one.
Executor::Outcome Executor::execute_alike(std::span<const Operation> all) {
  std::vector<Operation> operations;
  std::copy_if(all.begin(), all.end(), std::back_inserter(operations),
               [this](const Operation& operation) { return !unsafe_.contains(device_of(operation)); });
  std::vector<netlink::Request> requests;
  requests.reserve(operations.size());
  for (const Operation& operation : operations) {
    if (auto request = request_of(operation)) {
      requests.push_back(std::move(*request));
    }
  }
  const std::vector<base::Result<>> results = parts_.socket.execute(requests);
  Outcome outcome = Outcome::done;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    const Operation& operation = operations[i];
    const base::Result<> result = carry_out(operation, results.empty() ? base::Result<>() : results[i]);
    if (result || overtaken(operation, result.error().code)) {
      memory_.note(operation);
    } else {
      report<kOperationFailed>(object_of(operation), deed_of(operation), result.error().message);
      outcome = Outcome::some_failed;
      if (std::holds_alternative<PrepareDevice>(operation)) {
        unsafe_.insert(device_of(operation));
      }
    }
  }
  return outcome;
}

base::Result<> Executor::carry_out(const Operation& operation, base::Result<> requested) {
  const auto* preparation = std::get_if<PrepareDevice>(&operation);
  if (preparation != nullptr && !requested && requested.error().code == EAFNOSUPPORT) {
    return prepare(*preparation, Remaining::all);  // a kernel without IPv6 refuses the whole message
  }
  return requested ? finish(operation) : requested;
}

base::Result<> Executor::finish(const Operation& operation) {
  return std::visit(Overloaded{[this](const DisableIpv6& op) { return set_ipv6(op.index, Memory::Ipv6::off); },
                               [this](const EnableIpv6& op) { return set_ipv6(op.index, Memory::Ipv6::on); },
                               [this](const PrepareDevice& op) { return prepare(op, Remaining::after_netlink); },
                               [this](const GuardParent& op) { return guard(op.index); },
                               [this](const ReturnDevice& op) { return give_back(op.index); },
                               [this](const AdoptDevice& op) {
                                 parts_.logger.write<kAdopted>(op.original.name);
                                 return base::Result<>();
                               },
                               [this](const ReleaseParent& op) {
                                 sysctls_.restore(op.index, name_of(op.index), saved_);
                                 save();
                                 return base::Result<>();
                               },
                               [this](const AddAddress& op) {
                                 table_.apply(netlink::AddressAdded{{.interface = op.index, .prefix = op.prefix}});
                                 return base::Result<>();
                               },
                               [this](const CreateDevice& op) {
                                 parts_.logger.write<kCreated>(op.macvlan.name);
                                 return base::Result<>();
                               },
                               [](const auto&) { return base::Result<>(); }},
                    operation);
}

base::Result<> Executor::set_ipv6(base::IfIndex index, Memory::Ipv6 state) {
  const Setting& setting = state == Memory::Ipv6::on ? kIpv6On : kIpv6Off;
  base::Result<> written = parts_.sysctls.write(name_of(index), setting.key, setting.value);
  // A kernel without IPv6 needs no silencing.
  return written || (state == Memory::Ipv6::off && written.error().code == ENOENT) ? base::Result<>() : written;
}

base::Result<> Executor::prepare(const PrepareDevice& prepare, Remaining remaining) {
  const std::string name = name_of(prepare.index);
  for (const Setting& setting : settings_of(prepare.family)) {
    const bool by_netlink = std::any_of(kCommonSettings.begin(), kCommonSettings.end(),
                                        [&](const Setting& common) { return common.key == setting.key; });
    if (by_netlink && remaining == Remaining::after_netlink) {
      continue;
    }
    const base::Result<> written = parts_.sysctls.write(name, setting.key, setting.value);
    if (!written && written.error().code != ENOENT) {
      return written;
    }
  }
  return {};
}

// arp_ignore: the parent does not answer for addresses on the macvlan. arp_announce: our own queries never claim a
// virtual address with the real MAC address. accept_local: the owner of the addresses advertises from one of them; a
// Master for it, whose macvlan carries the same address, would otherwise never hear that the owner is back.
std::vector<Sysctls::Change> Executor::guard_changes(base::IfIndex index) const {
  const std::string name = name_of(index);
  std::vector<Sysctls::Change> changes;
  for (const auto& [key, value] :
       {std::pair("ipv4/arp_ignore", 1), std::pair("ipv4/arp_announce", 2), std::pair("ipv4/accept_local", 1)}) {
    if (sysctls_.effective(name, key) < value) {
      changes.push_back({.index = index, .interface = name, .key = key, .value = value});
    }
  }
  return changes;
}

base::Result<> Executor::guard(base::IfIndex index) {
  for (const Sysctls::Change& change : guard_changes(index)) {
    if (base::Result<> changed = sysctls_.change(change); !changed) {
      return changed;
    }
  }
  return {};
}

// Before the first change: originals that are not in the file are lost in a crash.
void Executor::remember_originals(std::span<const Operation> operations) {
  if (std::none_of(operations.begin(), operations.end(), [](const Operation& operation) {
        return std::holds_alternative<AdoptDevice>(operation) || std::holds_alternative<GuardParent>(operation) ||
               std::holds_alternative<PrepareDevice>(operation);
      })) {
    return;
  }
  const SavedState before = saved_;
  for (const Operation& operation : operations) {
    if (const auto* adopt = std::get_if<AdoptDevice>(&operation)) {
      saved_.adopted.emplace(adopt->index, adopt->original);
    } else if (const auto* guard = std::get_if<GuardParent>(&operation)) {
      for (const Sysctls::Change& change : guard_changes(guard->index)) {
        sysctls_.remember(change, saved_);
      }
    } else if (const auto* prepare = std::get_if<PrepareDevice>(&operation)) {
      if (saved_.adopted.contains(prepare->index)) {
        for (const Setting& setting : settings_of(prepare->family)) {
          sysctls_.remember({prepare->index, name_of(prepare->index), setting.key, setting.value}, saved_);
        }
      }
    }
  }
  if (!(saved_ == before)) {
    save();
  }
}

// Setting a link down takes the kernel 16 ms; that is the price when a macvlan of somebody else is no longer used.
base::Result<> Executor::give_back(base::IfIndex index) {
  const auto adopted = memory_.adopted.find(index);
  if (adopted == memory_.adopted.end()) {
    return {};
  }
  const Original& original = adopted->second;
  std::vector<netlink::Request> requests{netlink::set_admin_state(index, netlink::AdminState::down)};
  if (original.mode != netlink::MacvlanMode::bridge) {
    requests.push_back(netlink::set_macvlan_mode(index, original.mode));
  }
  base::Result<> first_error;
  const auto run = [&] {
    for (base::Result<>& result : parts_.socket.execute(requests)) {
      if (!result && first_error) {
        first_error = std::move(result);
      }
    }
  };
  run();
  sysctls_.restore(index, name_of(index), saved_);
  requests.clear();
  for (const base::IpPrefix& prefix : original.addresses) {
    requests.push_back(netlink::add_address(index, prefix));
  }
  run();
  parts_.logger.write<kReturned>(name_of(index));
  saved_.adopted.erase(index);
  save();
  return first_error;
}

void Executor::forget(base::IfIndex index) {
  memory_.forget(index);
  const std::size_t sysctls =
      std::erase_if(saved_.sysctls, [&](const auto& entry) { return entry.first.first == index; });
  if (sysctls + saved_.adopted.erase(index) > 0) {
    save();
  }
}

void Executor::save() {
  const base::Result<> saved = parts_.state_file.save(saved_);
  if (!saved) {
    report<kStateNotSaved>(saved.error().message);
  }
}

std::string Executor::name_of(base::IfIndex index) const {
  const Interface* const interface = table_.find(index);
  return interface == nullptr ? std::string() : interface->link.name;
}

std::string Executor::object_of(const Operation& operation) const {
  return std::visit(Overloaded{[](const CreateDevice& op) { return op.macvlan.name; },
                               [](const EmptyGraveyard&) { return std::string("*"); },
                               [this](const auto& op) { return name_of(op.index); }},
                    operation);
}

}  // namespace tandem::vrrpd::io

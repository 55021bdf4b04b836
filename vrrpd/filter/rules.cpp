// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/filter/rules.h"

#include <algorithm>

namespace tandem::vrrpd::filter {
namespace {

class Maker {
 public:
  explicit Maker(const MachineState& machine) : machine_(machine) {}

  // Precondition: called for all groups before the first call of make().
  void note_accepted(const std::string& interface, const config::Group& group) {
    for (const core::Family family : config::families_of(group)) {
      if (accepts(interface, group, family)) {
        for (const base::IpPrefix& prefix : group.addresses(family)) {
          accepted_.insert(prefix.address);
        }
      }
    }
  }

  void make(const std::string& interface, const config::Group& group) {
    for (const core::Family family : config::families_of(group)) {
      const config::RouterKey key{interface, group.vrid, family};
      if (owns(interface, group, family)) {
        if (!group.shutdown && !machine_.refused.contains(key)) {
          mute(interface, group, family);
        }
      } else if (!group.accept_mode) {
        deafen(key, group);
      }
    }
  }

  Rules take() { return std::move(rules_); }

 private:
  bool held_on(const std::string& interface, const base::IpAddress& address) const {
    return machine_.held.contains({interface, address});
  }
  bool held_anywhere(const base::IpAddress& address) const {
    return std::any_of(machine_.held.begin(), machine_.held.end(),
                       [&](const auto& entry) { return entry.second == address; });
  }
  // One address is enough to own the virtual router (core::Router).
  bool owns(const std::string& interface, const config::Group& group, core::Family family) const {
    const auto& addresses = group.addresses(family);
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](const base::IpPrefix& prefix) { return held_on(interface, prefix.address); });
  }
  bool accepts(const std::string& interface, const config::Group& group, core::Family family) const {
    return group.accept_mode || owns(interface, group, family);
  }

  void mute(const std::string& interface, const config::Group& group, core::Family family) {
    for (const base::IpPrefix& prefix : group.addresses(family)) {
      if (held_on(interface, prefix.address)) {
        rules_.mute.insert({prefix.address, interface});
      }
    }
  }

  void deafen(const config::RouterKey& key, const config::Group& group) {
    for (const base::IpPrefix& prefix : group.addresses(key.family)) {
      const base::IpAddress& address = prefix.address;
      if (!address.is_link_local() && !accepted_.contains(address) && !held_anywhere(address)) {
        rules_.deaf.insert({address, ""});
        continue;
      }
      rules_.deaf.insert({address, key.interface});
      if (const auto device = machine_.devices.find(key); device != machine_.devices.end()) {
        rules_.deaf.insert({address, device->second});
      }
    }
  }

  const MachineState& machine_;
  std::set<base::IpAddress> accepted_;
  Rules rules_;
};

template <class Function>
void for_each_group(const config::Config& config, const Function& function) {
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      function(name, group);
    }
  }
}

}  // namespace

Rules united(Rules one, const Rules& other) {
  one.deaf.insert(other.deaf.begin(), other.deaf.end());
  one.mute.insert(other.mute.begin(), other.mute.end());
  return one;
}

Rules rules_of(const config::Config& config, const MachineState& machine) {
  Maker maker(machine);
  for_each_group(config,
                 [&](const std::string& name, const config::Group& group) { maker.note_accepted(name, group); });
  for_each_group(config, [&](const std::string& name, const config::Group& group) { maker.make(name, group); });
  return maker.take();
}

}  // namespace tandem::vrrpd::filter

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/filter_keeper.h"

#include <algorithm>
#include <iterator>

#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {
namespace {

// The group that asks for one of these rules, for an operator to know which.
std::string group_deaf_to(const config::Config& config, const std::set<filter::Deaf>& deaf) {
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      for (const filter::Deaf& rule : deaf) {
        const auto& addresses = group.addresses(rule.address.family());
        if (!group.accept_mode && std::any_of(addresses.begin(), addresses.end(), [&](const base::IpPrefix& prefix) {
              return prefix.address == rule.address;
            })) {
          return fmt::format("vrrp {} on {}", vrid.value(), name);
        }
      }
    }
  }
  return "vrrp";
}

}  // namespace

FilterKeeper::FilterKeeper(const Dependencies& dependencies)
    : logger_(dependencies.logger),
      filter_(dependencies.filter),
      protocol_(dependencies.protocol),
      running_(dependencies.running),
      timer_(dependencies.loop, [this] { follow(); }),
      retry_(kFilterRetry) {}

filter::MachineState FilterKeeper::machine_state(const config::Config& config) const {
  std::set<base::IpAddress> addresses;
  std::vector<config::RouterKey> deaf;
  std::vector<config::RouterKey> all;
  for (const auto& [name, interface] : config.interfaces) {
    for (const auto& [vrid, group] : interface.groups) {
      for (const core::Family family : config::families_of(group)) {
        for (const base::IpPrefix& prefix : group.addresses(family)) {
          addresses.insert(prefix.address);
        }
        all.push_back({name, vrid, family});
        if (!group.accept_mode) {
          deaf.push_back(all.back());
        }
      }
    }
  }
  filter::MachineState found{
      .held = protocol_.holders_of(addresses), .devices = protocol_.device_names(deaf), .refused = {}};
  if (!found.held.empty()) {
    found.refused = protocol_.refused_of(all);  // there may be owners
  }
  return found;
}

base::Result<> FilterKeeper::prepare(const config::Config& wanted) {
  filter::MachineState machine = machine_state(wanted);
  machine.refused.clear();  // what is wanted now may be given
  const filter::Rules rules = filter::rules_of(wanted, machine);
  return judge(filter_.load(filter::united(filter_.loaded(), rules)), wanted, rules);
}

bool FilterKeeper::load_running() {
  const filter::Rules rules = filter::rules_of(running_, machine_state(running_));
  const base::Result<> loaded = filter_.load(rules);
  if (const auto judged = judge(loaded, running_, rules); !judged) {
    report<kAcceptModeStaysOn>(judged.error().message);
  } else if (loaded && !reported_.empty()) {
    logger_.write<kFiltered>();
    reported_.clear();
  }
  return loaded.has_value();
}

void FilterKeeper::follow() {
  due_.reset();
  if (load_running()) {
    retry_ = kFilterRetry;
    return;
  }
  follow_at(event::monotonic_now() + retry_);
  retry_ = std::min<base::Duration>(2 * retry_, kLongestFilterRetry);
}

void FilterKeeper::follow_soon() { follow_at(event::monotonic_now() + kFilterDelay); }

void FilterKeeper::follow_at(base::TimePoint when) {
  if (!due_ || when < *due_) {
    due_ = when;
    timer_.set(when);
  }
}

// A failure to load is one if an interface accepts what it must not. That an owner's interface answers as well is only
// told.
base::Result<> FilterKeeper::judge(const base::Result<>& loaded, const config::Config& config,
                                   const filter::Rules& rules) {
  if (loaded) {
    return {};
  }
  const std::set<filter::Deaf>& there = filter_.loaded().deaf;
  std::set<filter::Deaf> missing;
  std::set_difference(rules.deaf.begin(), rules.deaf.end(), there.begin(), there.end(),
                      std::inserter(missing, missing.end()));
  if (missing.empty()) {
    report<kNotFiltered>(loaded.error().message);
    return {};
  }
  return base::fail("{}: accept-mode cannot be switched off: {}", group_deaf_to(config, missing),
                    loaded.error().message);
}

template <const log::Message& M>
void FilterKeeper::report(const std::string& problem) {
  if (problem != reported_) {
    logger_.write<M>(problem);
  }
  reported_ = problem;
}

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/executor.h"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <optional>
#include <utility>

#include "lib/base/overloaded.h"
#include "vrrpd/io/messages.h"
#include "vrrpd/io/preparation.h"

namespace tandem::vrrpd::io {
namespace {

// The netlink request that carries out the operation, or the first part of it; none: there is no message for it.
std::optional<netlink::Request> request_of(const Operation& operation) {
  using Maybe = std::optional<netlink::Request>;
  return std::visit(
      base::Overloaded{
          [](const RemoveAddress& op) { return Maybe(netlink::delete_address(op.index, op.prefix)); },
          [](const AddAddress& op) { return Maybe(netlink::add_address(op.index, op.prefix, lifetime_of(op.lease))); },
          [](const SetGroup& op) { return Maybe(netlink::set_group(op.index, op.group)); },
          [](const CreateDevice& op) { return Maybe(netlink::create_macvlan(op.macvlan)); },
          [](const PrepareDevice& op) { return Maybe(preparation_request(op.index)); },
          [](const HealSettings& op) { return Maybe(healing_request(op)); },
          [](const SetMtu& op) { return Maybe(netlink::set_mtu(op.index, op.mtu)); },
          [](const SetVrf& op) { return Maybe(netlink::set_vrf(op.index, op.vrf)); },
          [](const SetMode& op) { return Maybe(netlink::set_macvlan_mode(op.index, op.mode)); },
          [](const SetProtodown& op) { return Maybe(netlink::set_protodown(op.index, op.protodown)); },
          [](const SetLinkUp& op) { return Maybe(netlink::set_admin_state(op.index, netlink::AdminState::up)); },
          [](const SetLinkDown& op) { return Maybe(netlink::set_admin_state(op.index, netlink::AdminState::down)); },
          [](const auto&) { return Maybe(); }},
      operation);
}

}  // namespace

Executor::Executor(Dependencies dependencies, const InterfaceTable& table, KernelState& kernel_state)
    : dependencies_(dependencies), sysctls_(dependencies.sysctls, dependencies.logger) {
  saved_ = parse_records(dependencies_.state_file.load());
  std::erase_if(saved_.sysctls, [&](const auto& entry) { return table.find(entry.first.first) == nullptr; });
  std::erase_if(saved_.adopted, [&](const auto& entry) { return table.find(entry.first) == nullptr; });
  save();
  kernel_state.adopted = saved_.adopted;
  for (const auto& [key, saved] : saved_.sysctls) {
    if (!kernel_state.adopted.contains(key.first)) {
      kernel_state.left_guarded.insert(key.first);
    }
  }
}

std::vector<base::Result<>> Executor::execute(std::span<const Job> jobs, const Between& between) {
  remember_originals(jobs);
  Run run;
  run.results.reserve(jobs.size());
  while (!jobs.empty()) {
    if (between) {
      between();
    }
    const auto end = std::find_if(jobs.begin(), jobs.end(), [&](const Job& job) {
      return job.operation.index() != jobs.front().operation.index();
    });
    const auto count = between ? 1 : static_cast<std::size_t>(end - jobs.begin());
    execute_alike(jobs.first(count), run);
    jobs = jobs.subspan(count);
  }
  return std::move(run.results);
}

// Operations of one kind: their netlink requests go in one batch, the rest follows one by one.
void Executor::execute_alike(std::span<const Job> jobs, Run& run) {
  const auto safe = [&run](const Job& job) { return !run.unprepared.contains(device_of(job.operation)); };
  std::vector<netlink::Request> requests;
  requests.reserve(jobs.size());
  for (const Job& job : jobs) {
    if (auto request = safe(job) ? request_of(job.operation) : std::nullopt) {
      requests.push_back(std::move(*request));
    }
  }
  const std::vector<base::Result<>> requested = dependencies_.socket.execute(requests);
  std::size_t next = 0;
  for (const Job& job : jobs) {
    if (!safe(job)) {
      run.results.push_back(base::fail("it could not be prepared"));
      continue;
    }
    run.results.push_back(carry_out(job, requested.empty() ? base::Result<>() : requested[next++]));
    if (!run.results.back() && std::holds_alternative<PrepareDevice>(job.operation)) {
      run.unprepared.insert(device_of(job.operation));
    }
  }
}

base::Result<> Executor::carry_out(const Job& job, const base::Result<>& requested) {
  if (const auto* preparation = std::get_if<PrepareDevice>(&job.operation)) {
    return finish_preparation(dependencies_.sysctls, job.name, preparation->family, requested);
  }
  if (const auto* healing = std::get_if<HealSettings>(&job.operation)) {
    base::Result<> healed = finish_healing(dependencies_.sysctls, job.name, *healing, requested);
    if (healed) {
      tell_healed(*healing, job.name);
    }
    return healed;
  }
  return requested ? finish(job) : requested;
}

// What there is no netlink message for.
base::Result<> Executor::finish(const Job& job) {
  return std::visit(
      base::Overloaded{
          [&](const DisableIpv6&) { return switch_ipv6(dependencies_.sysctls, job.name, KernelState::Ipv6::off); },
          [&](const EnableIpv6&) { return switch_ipv6(dependencies_.sysctls, job.name, KernelState::Ipv6::on); },
          [&](const GuardParent& op) { return guard(op, job.name); },
          [&](const ReturnDevice& op) { return give_back(op, job.name); },
          [this](const AdoptDevice& op) {
            dependencies_.logger.write<kAdopted>(op.original.name);
            return base::Result<>();
          },
          [&](const ReleaseParent& op) {
            sysctls_.restore(op.index, job.name, saved_.sysctls);
            report(dependencies_.state_file.append(os::print_gone(op.index)));
            return base::Result<>();
          },
          [](const auto&) { return base::Result<>(); }},
      job.operation);
}

std::vector<os::SysctlChange> Executor::guard_changes(const GuardParent& operation, const std::string& name) const {
  std::vector<os::SysctlChange> changes;
  for (const Setting& setting : parent_settings(operation.family)) {
    const std::optional<int> value = dependencies_.sysctls.read(name, setting.key);
    const bool exists = value || operation.family == core::Family::ipv4;  // writing says why not
    if (exists && sysctls_.effective(name, setting.key) < setting.value) {
      changes.push_back({.index = operation.index, .interface = name, .key = setting.key, .value = setting.value});
    }
  }
  return changes;
}

// What follows the parent need not be a user's mistake.
void Executor::tell_healed(const HealSettings& operation, const std::string& name) {
  for (const Deviation& deviation : operation.deviations) {
    if (!is_inherited(deviation.key)) {
      sysctls_.log_healed({operation.index, name, deviation.key, deviation.wanted}, deviation.found);
    }
  }
}

base::Result<> Executor::guard(const GuardParent& operation, const std::string& name) {
  for (const os::SysctlChange& change : guard_changes(operation, name)) {
    if (base::Result<> changed = sysctls_.change(change); !changed) {
      return changed;
    }
  }
  return {};
}

// Before the first change: originals that are not in the file are lost in a crash.
void Executor::remember_originals(std::span<const Job> jobs) {
  std::string records;
  for (const Job& job : jobs) {
    records += remember(job);
  }
  if (!records.empty()) {
    report(dependencies_.state_file.append(records));
  }
}

// Returns what has to be in the file.
std::string Executor::remember(const Job& job) {
  if (const auto* adopt = std::get_if<AdoptDevice>(&job.operation)) {
    const bool fresh = saved_.adopted.emplace(adopt->index, adopt->original).second;
    return fresh ? print_record(adopt->index, adopt->original) : "";
  }
  std::vector<os::SysctlChange> changes;
  if (const auto* guard = std::get_if<GuardParent>(&job.operation)) {
    changes = guard_changes(*guard, job.name);
  } else if (const auto* heal = std::get_if<HealSettings>(&job.operation)) {
    if (saved_.adopted.contains(heal->index)) {
      for (const Deviation& deviation : heal->deviations) {
        changes.push_back({heal->index, job.name, deviation.key, deviation.wanted});
      }
    }
  } else if (const auto* prepare = std::get_if<PrepareDevice>(&job.operation)) {
    if (saved_.adopted.contains(prepare->index)) {
      for (const Setting& setting : preparation_settings(prepare->family)) {
        changes.push_back({prepare->index, job.name, setting.key, setting.value});
      }
    }
  }
  std::string records;
  for (const os::SysctlChange& change : changes) {
    sysctls_.remember(change, saved_.sysctls);
    const auto remembered = saved_.sysctls.find({change.index, std::string(change.key)});
    records += remembered == saved_.sysctls.end() ? "" : os::print_record(*remembered);
  }
  return records;
}

// Setting a link down takes the kernel 16 ms; that is the price when a macvlan of another program is no longer used.
base::Result<> Executor::give_back(const ReturnDevice& operation, const std::string& name) {
  const auto& [index, original] = operation;
  std::vector<netlink::Request> requests{netlink::set_admin_state(index, netlink::AdminState::down),
                                         netlink::set_protodown(index, netlink::Protodown::off)};
  if (original.mode != netlink::MacvlanMode::bridge) {
    requests.push_back(netlink::set_macvlan_mode(index, original.mode));
  }
  base::Result<> first_error;
  const auto run = [&] {
    for (base::Result<>& result : dependencies_.socket.execute(requests)) {
      if (!result && first_error) {
        first_error = std::move(result);
      }
    }
  };
  run();
  sysctls_.restore(index, name, saved_.sysctls);
  requests.clear();
  for (const base::IpPrefix& prefix : original.addresses) {
    requests.push_back(netlink::add_address(index, prefix, std::nullopt));
  }
  run();
  dependencies_.logger.write<kReturned>(name);
  saved_.adopted.erase(index);
  report(dependencies_.state_file.append(os::print_gone(index)));
  return first_error;
}

void Executor::remember(base::IfIndex index, const Original& original) {
  saved_.adopted.insert_or_assign(index, original);
  report(dependencies_.state_file.append(print_record(index, original)));  // takes the place of the record before it
}

void Executor::forget(base::IfIndex index) {
  sysctls_.forget(index);
  const auto first = saved_.sysctls.lower_bound({index, std::string()});
  auto last = first;
  while (last != saved_.sysctls.end() && last->first.first == index) {
    ++last;
  }
  const bool had_sysctls = first != last;
  saved_.sysctls.erase(first, last);
  if (saved_.adopted.erase(index) > 0 || had_sysctls) {
    report(dependencies_.state_file.append(os::print_gone(index)));
  }
}

void Executor::save() { report(dependencies_.state_file.save(print_records(saved_))); }

void Executor::report(const base::Result<>& saved) {
  if (!saved && !save_failed_) {
    dependencies_.logger.write<kStateNotSaved>(saved.error().message);
  }
  save_failed_ = !saved;
}

}  // namespace tandem::vrrpd::io

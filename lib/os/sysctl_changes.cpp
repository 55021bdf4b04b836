// SPDX-License-Identifier: Apache-2.0
#include "lib/os/sysctl_changes.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "lib/os/messages.h"

namespace tandem::os {

void SysctlChanges::remember(const SysctlChange& change, SavedSysctls& saved) const {
  const std::optional<int> current = tree_.read(change.interface, change.key);
  if (!current) {
    return;  // no such sysctl, IPv6 may be missing; writing it will say so
  }
  const auto [entry, fresh] =
      saved.try_emplace({change.index, std::string(change.key)},
                        SavedSysctl{.interface = change.interface, .original = *current, .ours = change.value});
  // From before a crash: if the value is still the one we set, it says nothing about the original.
  if (!fresh && *current != entry->second.ours) {
    entry->second.original = *current;
  }
  entry->second.ours = change.value;
  if (entry->second.original == change.value) {
    saved.erase(entry);
  }
}

base::Result<> SysctlChanges::change(const SysctlChange& change) {
  const std::optional<int> current = tree_.read(change.interface, change.key);
  if (current == change.value) {
    return {};
  }
  base::Result<> written = tree_.write(change.interface, change.key, change.value);
  if (written && changed_.emplace(change.index, change.key).second) {
    logger_.write<kSysctlChanged>(change.key, change.interface, current.value_or(-1), change.value);
  } else if (written) {
    log_healed(change, current.value_or(-1));
  }
  return written;
}

void SysctlChanges::log_healed(const SysctlChange& change, int found) {
  const unsigned times = ++healed_[{change.index, std::string(change.key)}];
  if (std::has_single_bit(times)) {
    logger_.write<kSysctlHealed>(change.key, change.interface, found, change.value, times);
  }
}

void SysctlChanges::forget(base::IfIndex index) {
  std::erase_if(healed_, [&](const auto& entry) { return entry.first.first == index; });
  std::erase_if(changed_, [&](const auto& entry) { return entry.first == index; });
}

void SysctlChanges::restore(base::IfIndex index, std::string_view interface, SavedSysctls& saved) {
  auto at = saved.lower_bound({index, std::string()});
  while (at != saved.end() && at->first.first == index) {
    const std::string& key = at->first.second;
    const SavedSysctl& sysctl = at->second;
    const std::optional<int> current = tree_.read(interface, key);
    if (current && *current != sysctl.ours) {
      logger_.write<kSysctlLeft>(key, interface, *current, sysctl.ours);
    } else if (current && tree_.write(interface, key, sysctl.original)) {
      logger_.write<kSysctlRestored>(key, interface, *current, sysctl.original);
    }
    at = saved.erase(at);
  }
  forget(index);
}

int SysctlChanges::effective(std::string_view interface, std::string_view key) const {
  return std::max(tree_.read("all", key).value_or(0), tree_.read(interface, key).value_or(0));
}

}  // namespace tandem::os

// SPDX-License-Identifier: Apache-2.0
#include "lib/os/saved_sysctls.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "lib/base/number.h"

namespace tandem::os {
namespace {

// It becomes part of a path: nothing but a sysctl of an interface.
bool is_key(std::string_view key) {
  const std::string_view name = key.starts_with("ipv4/") || key.starts_with("ipv6/") ? key.substr(5) : "";
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::islower(c) != 0 || std::isdigit(c) != 0 || c == '_';
  });
}

}  // namespace

std::string print_record(const SavedSysctls::value_type& sysctl) {
  const auto& [key, saved] = sysctl;
  return fmt::format("sysctl {} {} {} {} {}\n", base::to_number(key.first), saved.interface, key.second, saved.original,
                     saved.ours);
}

std::string print_gone(base::IfIndex interface) { return fmt::format("gone {}\n", base::to_number(interface)); }

void apply_record(std::span<const std::string> words, SavedSysctls& sysctls) {
  const auto number = words.size() > 1 ? base::parse_number<std::uint32_t>(words[1]) : std::nullopt;
  if (!number) {
    return;
  }
  const base::IfIndex index{*number};
  if (words[0] == "sysctl" && words.size() >= 6) {
    const auto original = base::parse_number<int>(words[4]);
    const auto ours = base::parse_number<int>(words[5]);
    if (original && ours && is_key(words[3])) {
      sysctls[{index, words[3]}] = {.interface = words[2], .original = *original, .ours = *ours};
    }
  } else if (words[0] == "gone") {
    std::erase_if(sysctls, [&](const auto& entry) { return entry.first.first == index; });
  }
}

}  // namespace tandem::os

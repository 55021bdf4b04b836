// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/saved_state.h"

#include <array>
#include <iterator>
#include <optional>
#include <span>
#include <sstream>
#include <vector>

#include "lib/base/number.h"

namespace tandem::vrrpd::io {
namespace {

constexpr std::string_view kFormat = "tandem-devices 1";

struct ModeName {
  netlink::MacvlanMode mode;
  std::string_view name;
};
constexpr std::array<ModeName, 5> kModes{{{netlink::MacvlanMode::private_, "private"},
                                          {netlink::MacvlanMode::vepa, "vepa"},
                                          {netlink::MacvlanMode::bridge, "bridge"},
                                          {netlink::MacvlanMode::passthru, "passthru"},
                                          {netlink::MacvlanMode::source, "source"}}};

std::string_view name_of(netlink::MacvlanMode mode) {
  for (const ModeName& known : kModes) {
    if (known.mode == mode) {
      return known.name;
    }
  }
  return "bridge";
}

std::optional<netlink::MacvlanMode> mode_of(std::string_view name) {
  for (const ModeName& known : kModes) {
    if (known.name == name) {
      return known.mode;
    }
  }
  return std::nullopt;
}

std::optional<base::IpPrefix> prefix_of(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto address = base::IpAddress::parse(text.substr(0, slash));
  const auto length = base::parse_number<std::uint8_t>(text.substr(slash + 1));
  if (!address || !length || *length > base::IpAddress::width(address->family())) {
    return std::nullopt;
  }
  return base::IpPrefix{*address, *length};
}

void apply_record(std::span<const std::string> words, std::map<base::IfIndex, Original>& adopted) {
  const auto number = words.size() > 1 ? base::parse_number<std::uint32_t>(words[1]) : std::nullopt;
  if (!number) {
    return;
  }
  const base::IfIndex index{*number};
  if (words[0] == "macvlan" && words.size() >= 5) {
    if (const auto mode = mode_of(words[3])) {
      const auto admin = words[4] == "up" ? netlink::AdminState::up : netlink::AdminState::down;
      adopted[index] = {.name = words[2], .mode = *mode, .state = admin, .addresses = {}};
    }
  } else if (words[0] == "address" && words.size() >= 3) {
    const auto device = adopted.find(index);
    const auto prefix = prefix_of(words[2]);
    if (device != adopted.end() && prefix) {
      device->second.addresses.push_back(*prefix);
    }
  } else if (words[0] == "gone") {
    adopted.erase(index);
  }
}

}  // namespace

std::string print_record(base::IfIndex index, const Original& macvlan) {
  const std::uint32_t number = base::to_number(index);
  std::string text = fmt::format("macvlan {} {} {} {}\n", number, macvlan.name, name_of(macvlan.mode),
                                 macvlan.state == netlink::AdminState::up ? "up" : "down");
  for (const base::IpPrefix& prefix : macvlan.addresses) {
    text += fmt::format("address {} {}\n", number, prefix.to_string());
  }
  return text;
}

std::string print_records(const SavedState& state) {
  std::string text;
  for (const auto& sysctl : state.sysctls) {
    text += os::print_record(sysctl);
  }
  for (const auto& [index, original] : state.adopted) {
    text += print_record(index, original);
  }
  return text;
}

SavedState parse_records(std::string_view text) {
  SavedState state;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream parts(line);
    const std::vector<std::string> words{std::istream_iterator<std::string>(parts), {}};
    os::apply_record(words, state.sysctls);
    apply_record(words, state.adopted);
  }
  return state;
}

os::StateFile state_file(const std::string& directory, std::string_view instance) {
  return {directory, fmt::format("devices{}{}", instance.empty() ? "" : "-", instance), kFormat};
}

}  // namespace tandem::vrrpd::io

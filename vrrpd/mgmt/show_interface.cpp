// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/show_interface.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "lib/mgmt/json.h"
#include "lib/mgmt/table.h"

namespace tandem::vrrpd::mgmt {
namespace {

using tandem::mgmt::kUnlimited;
using tandem::mgmt::print_table;

std::string description_of(const InterfaceView& interface, const Descriptions& descriptions) {
  const auto found = descriptions.find(interface.name);
  return found == descriptions.end() ? std::string() : found->second;
}

// "up" or "down": the administrative state.
std::string_view status(const InterfaceView& interface) { return interface.admin_up ? "up" : "down"; }
std::string_view protocol(const InterfaceView& interface) {
  return interface.admin_up && interface.running ? "up" : "down";
}

std::string flags_of(const InterfaceView& interface) {
  std::vector<std::string_view> flags;
  for (const auto& [set, name] : {std::pair{interface.admin_up, std::string_view("UP")},
                                  {interface.ethernet, std::string_view("BROADCAST")},
                                  {interface.admin_up && interface.running, std::string_view("RUNNING")},
                                  {interface.ethernet, std::string_view("MULTICAST")}}) {
    if (set) {
      flags.push_back(name);
    }
  }
  return fmt::format("{}", fmt::join(flags, ","));
}

// Includes the broadcast address of an IPv4 network, as the kernel derives it: Ansible's facts skip an address without
// one.
std::string address_line(const InterfaceView& interface, const base::IpPrefix& address) {
  constexpr std::uint8_t kLongestWithBroadcast = 30;
  if (address.address.family() == base::Family::ipv6) {
    return fmt::format("  inet6 {}\n", address.to_string());
  }
  if (!interface.ethernet || address.length > kLongestWithBroadcast) {
    return fmt::format("  inet {}\n", address.to_string());
  }
  std::array<std::uint8_t, 4> bytes{};
  std::copy(address.address.bytes().begin(), address.address.bytes().end(), bytes.begin());
  for (unsigned bit = address.length; bit < 32; ++bit) {
    bytes.at(bit / 8) = static_cast<std::uint8_t>(bytes.at(bit / 8) | 0x80U >> bit % 8);
  }
  return fmt::format("  inet {} broadcast {}\n", address.to_string(), base::IpAddress::from_bytes(bytes).to_string());
}

}  // namespace

std::string show_interface_text(std::span<const InterfaceView> interfaces, const Descriptions& descriptions) {
  std::string text;
  for (const InterfaceView& interface : interfaces) {
    text += fmt::format("Interface {} is {}, line protocol is {}\n", interface.name, status(interface),
                        protocol(interface));
    text += fmt::format("  vrf: {}\n", interface.vrf);
    if (const std::string description = description_of(interface, descriptions); !description.empty()) {
      text += fmt::format("  Description: {}\n", description);
    }
    text +=
        fmt::format("  index {} metric 0 mtu {}\n  flags: <{}>\n", interface.index, interface.mtu, flags_of(interface));
    if (interface.ethernet) {
      text += fmt::format("  Type: Ethernet\n  HWaddr: {}\n", interface.mac.to_string());
    }
    for (const base::IpPrefix& address : interface.addresses) {
      text += address_line(interface, address);
    }
    text += fmt::format("  protodown: {}\n", interface.protodown ? "on" : "off");
  }
  return text;
}

std::string show_interface_brief(std::span<const InterfaceView> interfaces) {
  std::vector<std::vector<std::string>> rows;
  for (const InterfaceView& interface : interfaces) {
    std::vector<std::string> row{interface.name, std::string(protocol(interface)), interface.vrf, ""};
    for (const base::IpPrefix& address : interface.addresses) {  // one per line
      row.back() = address.to_string();
      rows.push_back(row);
      row = {"", "", "", ""};
    }
    if (interface.addresses.empty()) {
      rows.push_back(row);
    }
  }
  return print_table({{"Interface"}, {"Status"}, {"VRF"}, {"Addresses"}}, rows, kUnlimited);
}

std::string show_interface_descriptions(std::span<const InterfaceView> interfaces, const Descriptions& descriptions) {
  std::vector<std::vector<std::string>> rows;
  for (const InterfaceView& interface : interfaces) {
    rows.push_back({interface.name, std::string(status(interface)), std::string(protocol(interface)),
                    description_of(interface, descriptions)});
  }
  return print_table({{"Interface"}, {"Status"}, {"Protocol"}, {"Description"}}, rows, kUnlimited);
}

std::string show_interface_json(std::span<const InterfaceView> interfaces, const Descriptions& descriptions) {
  tandem::mgmt::json::Writer writer;
  writer.begin_object();
  for (const InterfaceView& interface : interfaces) {
    writer.key(interface.name).begin_object();
    writer.key("administrativeStatus").text(status(interface));
    writer.key("operationalStatus").text(protocol(interface));
    writer.key("vrfName").text(interface.vrf);
    writer.key("description").text(description_of(interface, descriptions));
    writer.key("index").number(interface.index);
    writer.key("mtu").number(interface.mtu);
    writer.key("hardwareAddress").text(interface.mac.to_string());
    writer.key("ipAddresses").begin_array();
    for (const base::IpPrefix& address : interface.addresses) {
      writer.begin_object();
      writer.key("address").text(address.to_string());
      writer.end_object();
    }
    writer.end_array();
    writer.end_object();
  }
  writer.end_object();
  return writer.take();
}

}  // namespace tandem::vrrpd::mgmt

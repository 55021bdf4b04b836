// SPDX-License-Identifier: Apache-2.0
// The text of `show interface`: FRR's lines, as far as the kernel reports the values, because inventory tools parse
// them (Ansible's facts, LibreNMS). Pure functions of views.
#pragma once

#include <map>
#include <span>
#include <string>

#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

using Descriptions = std::map<std::string, std::string>;  // by the name of the interface

std::string show_interface_text(std::span<const InterfaceView> interfaces, const Descriptions& descriptions);
std::string show_interface_brief(std::span<const InterfaceView> interfaces);
std::string show_interface_descriptions(std::span<const InterfaceView> interfaces, const Descriptions& descriptions);
std::string show_interface_json(std::span<const InterfaceView> interfaces, const Descriptions& descriptions);

}  // namespace tandem::vrrpd::mgmt

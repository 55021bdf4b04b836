// SPDX-License-Identifier: Apache-2.0
// Making a macvlan deaf and mute before it first comes up: some of it by netlink, where there are messages for it, the
// rest by sysctls.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/netlink/encode.h"
#include "lib/os/sysctl_tree.h"
#include "vrrpd/io/kernel_state.h"
#include "vrrpd/io/operation.h"
#include "vrrpd/io/settings.h"

namespace tandem::vrrpd::io {

// Everything that is set on a macvlan of that family, in that order.
std::vector<Setting> preparation_settings(core::Family family);

// First the request, then the rest, which depends on the result of the request. Only for macvlans that this program
// made: those of other programs need their original settings saved first.
netlink::Request preparation_request(base::IfIndex index);
base::Result<> finish_preparation(os::SysctlTree& sysctls, const std::string& name, core::Family family,
                                  const base::Result<>& requested);

// The same for some settings of a macvlan that is prepared.
netlink::Request healing_request(const HealSettings& operation);
base::Result<> finish_healing(os::SysctlTree& sysctls, const std::string& name, const HealSettings& operation,
                              const base::Result<>& requested);

// Where nothing may be written (/proc/sys of a container is read-only), what has its value already is no failure.
base::Result<> write_setting(os::SysctlTree& sysctls, const std::string& name, const Setting& setting);

// A kernel without IPv6 has nothing to switch off.
base::Result<> switch_ipv6(os::SysctlTree& sysctls, const std::string& name, KernelState::Ipv6 state);

}  // namespace tandem::vrrpd::io

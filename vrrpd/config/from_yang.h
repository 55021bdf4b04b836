// SPDX-License-Identifier: Apache-2.0
// Converts the validated YANG tree into the typed configuration. A leaf that is not set gets its value here: from `vrrp
// default` if that covers it, otherwise from the model (doc/decisions/0003-explicit-values-are-kept.md).
#pragma once

#include "lib/yang/tree.h"
#include "vrrpd/config/model.h"

namespace tandem::vrrpd::config {

// The YANG modules of the daemon's configuration, in the order of running-config.
const std::vector<std::string>& yang_modules();

// Precondition: the tree is valid.
Config from_yang(const yang::Tree& tree);

// Addresses of one family in the order advertised: IPv6 link-local first (R15), a generated one if none is configured,
// then ascending (R16).
std::vector<base::IpPrefix> as_advertised(std::vector<base::IpPrefix> addresses, core::Vrid vrid);

// The link-local address of an IPv6 virtual router that configures none: fe80::5e00:2VV, after its virtual MAC address,
// so that every router of the group generates the same one (RFC 9568 §5.2.9: the first address is link-local).
core::IpAddress generated_link_local(core::Vrid vrid);

}  // namespace tandem::vrrpd::config

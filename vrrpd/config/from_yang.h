// SPDX-License-Identifier: Apache-2.0
// From the validated YANG tree to the typed configuration. This is where a leaf that is not set gets its value: from
// `vrrp default` for the parameters of a group that it covers, from the model for all others
// (doc/decisions/0003-explicit-values-are-kept.md).
#pragma once

#include "lib/yang/tree.h"
#include "vrrpd/config/model.h"

namespace tandem::vrrpd::config {

// What the daemon is modelled in, in the order of the nodes in running-config.
const std::vector<std::string>& yang_modules();

// Precondition: the tree is valid.
Config from_yang(const yang::Tree& tree);

// Addresses of one family in the order advertised: IPv6 link-local first (R15), a generated one if there is none, then
// ascending (R16).
std::vector<base::IpPrefix> as_advertised(std::vector<base::IpPrefix> addresses, core::Vrid vrid);

// The link-local address that an IPv6 virtual router has if none is configured: fe80::5e00:2VV, after its virtual MAC
// address, so that every router of the group generates the same (RFC 9568 §5.2.9 wants the first address to be
// link-local).
core::IpAddress generated_link_local(core::Vrid vrid);

}  // namespace tandem::vrrpd::config

// SPDX-License-Identifier: Apache-2.0
// Rules as commands of nft(8).
#pragma once

#include <string>
#include <string_view>

#include "vrrpd/filter/rules.h"

namespace tandem::vrrpd::filter {

// One transaction that replaces the tables which `before` has made by those that `after` needs: `inet NAME` and, with
// IPv4 addresses to be mute for, `arp NAME`. `table` is a name as nft takes it. Precondition: the interfaces of the
// rules are nameable().
std::string script(const Rules& before, const Rules& after, std::string_view table);

// Whether nft can be told the name of an interface: it cannot escape quotation marks, and takes * for a wildcard.
bool nameable(std::string_view interface);

}  // namespace tandem::vrrpd::filter

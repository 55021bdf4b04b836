// SPDX-License-Identifier: Apache-2.0
// Rules as commands of nft(8).
#pragma once

#include <string>
#include <string_view>

#include "vrrpd/filter/rules.h"

namespace tandem::vrrpd::filter {

// One transaction that replaces the tables of `before` by those that `after` needs: `inet NAME` and, if an owner is
// mute for IPv4 addresses, `arp NAME`. `table` is a name that nft accepts. Precondition: the interfaces of the rules
// are nameable().
std::string script(const Rules& before, const Rules& after, std::string_view table);

// Whether nft accepts the name of an interface: nft cannot escape quotation marks, and takes * for a wildcard.
bool nameable(std::string_view interface);

}  // namespace tandem::vrrpd::filter

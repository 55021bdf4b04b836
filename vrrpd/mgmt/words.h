// SPDX-License-Identifier: Apache-2.0
// Names of states and transitions for output.
#pragma once

#include <string>

#include "lib/mgmt/value.h"
#include "lib/mgmt/words.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

using tandem::mgmt::rfc3339;
using tandem::mgmt::short_duration;
using tandem::mgmt::wrap;

std::string reason_of(const core::Transition& transition, std::string_view interface);
// A short text for a column, at most kShortReasonWidth characters.
inline constexpr std::size_t kShortReasonWidth = 18;
std::string_view short_reason_of(const core::Transition& transition);
std::string_view short_reason_of(core::InitializeReason reason);
// " (10.10.10.15, priority 210)"; empty if no peer is known.
std::string peer_of(const core::Transition& transition);

// The reason of Initialize: "interface eth1 is down", or the error of the kernel.
std::string reason_of_initialize(const GroupView& group, const RouterView& router);

// The reason of the current state: "interface eth1 is down", "10.10.10.15 has priority 210".
std::string reason_of_state(const GroupView& group, const RouterView& router);

inline tandem::mgmt::Name name_of(core::State state) { return {core::to_string(state)}; }

// "vrrp 5 on eth1 (IPv4)"
std::string name_of(std::string_view interface, core::Vrid vrid, core::Family family);

}  // namespace tandem::vrrpd::mgmt

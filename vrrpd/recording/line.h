// SPDX-License-Identifier: Apache-2.0
// The lines of a recording (doc/recording.md): one for each input and action, made of words and key=value. The format
// is text because people read and compare recordings, and the repository keeps some.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "vrrpd/recording/input.h"

namespace tandem::vrrpd::recording {

inline constexpr std::string_view kFirstLine = "tandem-recording 1";

// "3609375 advance", "4000000 heard 7 version=3 vrid=5 …"; no newline.
std::string to_line(const Input& input);
// The inverse. Fails on every line that to_line() does not write; the error says why. Refuses values that would break
// an invariant of the core.
base::Result<Input> parse_input(std::string_view line);

// "> 7 send priority=100 …": an action of a router.
std::string to_line(const core::Action& action);

// "router 7 vrrp 5 on eth1 (IPv4)": the name of a router for readers.
std::string name_line(core::RouterId id, std::string_view name);

}  // namespace tandem::vrrpd::recording

// SPDX-License-Identifier: Apache-2.0
// The lines of a recording (doc/recording.md): inputs and actions as text, one each, made of words and key=value. Text,
// because a recording is looked at, compared and kept in the repository.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "vrrpd/recording/input.h"

namespace tandem::vrrpd::recording {

inline constexpr std::string_view kFirstLine = "tandem-recording 1";

// "3609375 advance", "4000000 heard 7 version=3 vrid=5 …"; no newline.
std::string to_line(const Input& input);
// The inverse. Fails on anything that to_line() does not write, with what is wrong; values that would break an
// invariant of the core are refused.
base::Result<Input> parse_input(std::string_view line);

// "> 7 send priority=100 …": what a router wanted done.
std::string to_line(const core::Action& action);

// "router 7 vrrp 5 on eth1 (IPv4)": what a router is called; for people.
std::string name_line(core::RouterId id, std::string_view name);

}  // namespace tandem::vrrpd::recording

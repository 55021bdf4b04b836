// SPDX-License-Identifier: Apache-2.0
// The outputs of `show vrrp`, in FRR's layout (frr-facts.md §1.4–1.6, cli.md §3).
#pragma once

#include <span>
#include <string>

#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

std::string show_text(std::span<const GroupView> groups);
std::string show_json(std::span<const GroupView> groups);
std::string show_summary_text(std::span<const GroupView> groups);
std::string show_summary_json(std::span<const GroupView> groups);

}  // namespace tandem::vrrpd::mgmt

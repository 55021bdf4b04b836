// SPDX-License-Identifier: Apache-2.0
// The outputs of `show vrrp`: FRR's layout, and fields beyond FRR's (doc/cli/operational.md). Pure functions of views.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "vrrpd/mgmt/advert_rates.h"
#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

std::string show_text(std::span<const GroupView> groups);
std::string show_detail_text(std::span<const GroupView> groups);
// Gets the document in pieces while it is made: for thousands of groups it is megabytes long.
using TakePiece = std::function<void(std::string piece)>;
void show_json(std::span<const GroupView> groups, Level level, const TakePiece& take);
std::string show_summary_text(std::span<const GroupView> groups);
std::string show_summary_json(std::span<const GroupView> groups);

// The transitions of all routers in the order of time.
std::string show_history_text(std::span<const HistoryEntry> history);
std::string show_history_json(std::span<const HistoryEntry> history);

// One screen for `monitor vrrp`: every virtual router on a line of its own.
struct Now {
  base::TimePoint monotonic;
  base::WallTime wall;
};
// `width` of the terminal in columns; smaller values count as kTerminalWidth.
std::string monitor_screen(std::span<const GroupView> groups, AdvertRates& rates, const Now& now,
                           std::size_t width = 0);

// Instance data of the modules in yang/ (RFC 7951).
std::string model_json(std::span<const GroupView> groups, std::span<const HistoryEntry> history);

}  // namespace tandem::vrrpd::mgmt

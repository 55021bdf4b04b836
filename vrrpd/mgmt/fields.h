// SPDX-License-Identifier: Apache-2.0
// What is shown of a group: one table from which `show vrrp` as text, as FRR's JSON and as instance data of the model
// (`show yang operational-data`) are all made, so that they cannot disagree.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

// Values know their unit: text and FRR's JSON want milliseconds, the model centiseconds or microseconds.
struct Counter {
  std::uint64_t value;
};
// Shown as a number of milliseconds: whole centiseconds, rounded down, as FRR prints it (design.md §4). In the model:
// an interval of the wire, or an exact timer.
struct Interval {
  base::Duration value;
};
struct Timer {
  base::Duration value;
};
struct ExactTimer {  // shown as microseconds
  base::Duration value;
};
struct Address {
  std::optional<base::IpAddress> value;
  const char* none;  // how its absence is shown
};
struct Moment {
  std::optional<base::WallTime> value;
};
struct OptionalNumber {  // 0 stands for absence
  unsigned value;
};
using Value = std::variant<bool, unsigned, Counter, Interval, Timer, ExactTimer, Address, Moment, OptionalNumber,
                           core::State, std::string, std::vector<std::string>>;

// Whether a row belongs to `show vrrp` or to `show vrrp … detail` alone.
enum class Level { normal, detail };

// A row of the group.
struct GroupField {
  const char* label = nullptr;     // of the text; nullptr: JSON only
  const char* json_key = nullptr;  // nullptr: text only
  const char* model;               // the YANG leaf that it shows
  Value (*get)(const GroupView& group);
  Level level = Level::normal;
};

// A row of each of the two families; the text adds " (v4)" or " (v6)" to the label.
struct RouterField {
  const char* label = nullptr;
  const char* json_key = nullptr;
  const char* model;
  Value (*get)(const GroupView& group, const RouterView& router);
  enum class Place { family, statistics };
  Place place = Place::family;                      // the family's object or its "stats", the model's "statistics"
  std::optional<core::Family> only = std::nullopt;  // exists for this family alone
  Level level = Level::normal;
};

// A text row: either a field of the group or one of both families. JSON has its own order (frr-facts §1.6).
using TextRow = std::variant<const GroupField*, const RouterField*>;

std::span<const TextRow> text_rows();         // of `show vrrp`
std::span<const TextRow> detail_text_rows();  // what detail adds; counters have a table of their own
std::span<const RouterField* const> counter_fields();
std::span<const GroupField* const> json_group_fields();
std::span<const RouterField* const> json_router_fields();
// One field for each leaf of the model, in its order: keys left out.
std::span<const GroupField* const> model_group_fields();
std::span<const RouterField* const> model_router_fields();

std::int64_t shown_milliseconds(base::Duration duration);
std::string to_text(const Value& value);

}  // namespace tandem::vrrpd::mgmt

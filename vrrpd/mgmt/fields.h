// SPDX-License-Identifier: Apache-2.0
// What `show vrrp` shows of a group: one table from which both the text and the JSON are printed, so that they cannot
// disagree.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

// A duration is a number of milliseconds: whole centiseconds, rounded down, as FRR prints it (design.md §4).
struct Milliseconds {
  std::int64_t value;
};
using Value = std::variant<bool, std::int64_t, Milliseconds, std::string, std::vector<std::string>>;

// A row of the group.
struct GroupField {
  const char* label;     // of the text; nullptr: JSON only
  const char* json_key;  // nullptr: text only
  Value (*get)(const GroupView& group);
};

// A row of each of the two families; the text adds " (v4)" or " (v6)" to the label.
struct RouterField {
  const char* label;
  const char* json_key;
  Value (*get)(const GroupView& group, const RouterView& router);
  enum class Place { family, statistics } place = Place::family;  // JSON: in the family's object or in its "stats"
  std::optional<core::Family> only = std::nullopt;                // exists for this family alone
};

// A text row: either a field of the group or one of both families. JSON has its own order (frr-facts §1.6).
using TextRow = std::variant<const GroupField*, const RouterField*>;

std::span<const TextRow> text_rows();
std::span<const GroupField* const> json_group_fields();
std::span<const RouterField* const> json_router_fields();

std::string to_text(const Value& value);

}  // namespace tandem::vrrpd::mgmt

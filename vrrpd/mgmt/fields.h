// SPDX-License-Identifier: Apache-2.0
// The shown fields of a group: one table (fields.cpp) for the text of `show vrrp`, FRR's JSON and the instance data of
// `show yang operational-data`, so that they cannot disagree. A new field is one row.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "lib/mgmt/value.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::mgmt {

using tandem::mgmt::Address;
using tandem::mgmt::Counter;
using tandem::mgmt::ExactTimer;
using tandem::mgmt::Interval;
using tandem::mgmt::Moment;
using tandem::mgmt::Name;
using tandem::mgmt::OptionalNumber;
using tandem::mgmt::Timer;
using tandem::mgmt::to_text;
using tandem::mgmt::Value;
using tandem::mgmt::write_json;
using tandem::mgmt::write_leaf;

// Whether a field belongs to `show vrrp` or to `show vrrp … detail` alone.
enum class Level { normal, detail };

// In the instance data each leaf comes from one row. `other`: another row, or the key of a list, already gives the
// leaf; this row shows the same value in another form.
enum class Form { only, other };

// A field of the group.
struct GroupField {
  const char* label = nullptr;     // of the text; nullptr: not in the text
  const char* json_key = nullptr;  // nullptr: not in JSON
  const char* model;               // the YANG leaf of the value
  Value (*get)(const GroupView& group);
  Level text_level = Level::normal;
  Level json_level = Level::normal;
  Form form = Form::only;
};

// A field of each of the two families; the text adds " (v4)" or " (v6)" to the label.
struct RouterField {
  const char* label = nullptr;
  const char* json_key = nullptr;
  const char* model;
  Value (*get)(const GroupView& group, const RouterView& router);
  // The object of the family, or its "stats" (in the model: "statistics"), which detail shows as a table of its own.
  enum class Place { family, statistics };
  Place place = Place::family;
  std::optional<core::Family> only = std::nullopt;  // the field exists only for this family
  Level text_level = Level::normal;
  Level json_level = Level::normal;
  Form form = Form::only;
};

using TextRow = std::variant<const GroupField*, const RouterField*>;

std::span<const TextRow> text_rows();         // of `show vrrp`
std::span<const TextRow> detail_text_rows();  // the further rows of detail; counters have a table of their own
std::span<const RouterField* const> counter_fields();
std::span<const GroupField* const> json_group_fields();
std::span<const RouterField* const> json_router_fields();
// One field for each leaf of the model.
std::span<const GroupField* const> model_group_fields();
std::span<const RouterField* const> model_router_fields();

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
// Values that commands show, each with its unit, and their three forms: text, JSON, and instance data of the model. A daemon
// has one table of its shown fields and makes all three of it, so that they cannot disagree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "lib/base/ip.h"
#include "lib/base/time.h"
#include "lib/mgmt/json.h"

namespace tandem::mgmt {

struct Counter {
  std::uint64_t value;
};
// Shown as a number of milliseconds: whole centiseconds, rounded down, as FRR prints it. In the model:
// an interval of the wire in centiseconds, or an exact timer in microseconds.
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
struct Name {  // of an enumerator: "Master"; the model has it in lower case
  std::string_view value;
};
using Value = std::variant<bool, unsigned, Counter, Interval, Timer, ExactTimer, Address, Moment, OptionalNumber, Name,
                           std::string, std::vector<std::string>>;

std::string to_text(const Value& value);
void write_json(json::Writer& writer, const Value& value);
// The leaf or leaf-list `name` (RFC 7951); nothing if the value is absent or empty.
void write_leaf(json::Writer& writer, std::string_view name, const Value& value);

std::int64_t shown_milliseconds(base::Duration duration);  // of an Interval or Timer

}  // namespace tandem::mgmt

// SPDX-License-Identifier: Apache-2.0
// Whether the numbers in a decoded struct are within limits.h. Private to this folder.
#pragma once

#include "lib/base/fields.h"
#include "vrrpd/checkpoint/limits.h"

namespace tandem::vrrpd::checkpoint {

template <class Value>
bool is_plausible(const Value& value);

template <class Value>
bool is_plausible(const std::optional<Value>& value) {
  return !value || is_plausible(*value);
}

// Checks points of time and durations against the limit of their type, in all fields of a struct; every other value is
// plausible.
template <class Value>
bool is_plausible(const Value& value) {
  if constexpr (std::same_as<Value, base::TimePoint> || std::same_as<Value, base::WallTime>) {
    return value.time_since_epoch() >= base::Duration::zero() && value.time_since_epoch() <= kLatest;
  } else if constexpr (std::same_as<Value, base::Duration> || std::same_as<Value, std::chrono::seconds>) {
    return value >= Value::zero() && value <= kLongestDelay;
  } else if constexpr (std::same_as<Value, int>) {
    return value >= 0;
  } else if constexpr (base::Described<Value>) {
    bool plausible = true;
    base::for_each_field(value, [&plausible](const base::FieldInfo& /*field*/, const auto& member) {
      plausible = plausible && is_plausible(member);
    });
    return plausible;
  } else {
    return true;
  }
}

inline bool is_interval(base::Duration interval) {
  return interval > base::Duration::zero() && interval <= kLongestInterval;
}

}  // namespace tandem::vrrpd::checkpoint

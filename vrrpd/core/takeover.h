// SPDX-License-Identifier: Apache-2.0
// The decision that a virtual router becomes Master: why, and in whose place.
#pragma once

#include <optional>

#include "vrrpd/core/types.h"

namespace tandem::vrrpd::core {

struct Takeover {
  Cause cause;
  std::optional<MasterInfo>
      peer{};  // the Master before, or the router whose adverts were not followed, if one is known
};

}  // namespace tandem::vrrpd::core

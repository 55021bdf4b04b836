// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/timing.h"

namespace tandem::vrrpd::core {

Duration skew_time(Version version, std::uint8_t priority, Duration interval) {
  const Duration scale = version == Version::v2 ? std::chrono::seconds(1) : interval;
  return (256 - priority) * scale / 256;
}

Duration master_down_interval(Version version, std::uint8_t priority, Duration interval) {
  return 3 * interval + skew_time(version, priority, interval);
}

}  // namespace tandem::vrrpd::core

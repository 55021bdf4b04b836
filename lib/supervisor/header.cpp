// SPDX-License-Identifier: Apache-2.0
#include "lib/supervisor/header.h"

namespace tandem::supervisor {

Observation observe(const Header& header) {
  return {.phase = header.phase.load(),
          .fenced = header.fenced.load() != 0,
          .heartbeat = header.heartbeat.load(),
          .heartbeat_timeout = header.heartbeat_timeout.load(),
          .management_heartbeat = header.management_heartbeat.load()};
}

}  // namespace tandem::supervisor

// SPDX-License-Identifier: Apache-2.0
// Sends whole Ethernet frames out of parent interfaces: one packet socket that receives nothing, all frames of a turn
// in one sendmmsg.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/base/result.h"
#include "lib/log/log.h"

namespace tandem::vrrpd::io {

class Sender {
 public:
  // `shared`: a packet socket that receives nothing, to send with instead of one of its own; duplicated. -1: none.
  static base::Result<std::unique_ptr<Sender>> open(log::Logger& logger, int shared);
  virtual ~Sender() = default;

  virtual void queue(base::IfIndex interface, base::Bytes frame) = 0;  // copies the frame
  virtual void flush() = 0;  // sends all that is queued; what the kernel refuses is logged (rate-limited) and dropped
};

}  // namespace tandem::vrrpd::io

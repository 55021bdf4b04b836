// SPDX-License-Identifier: Apache-2.0
// Sends whole Ethernet frames out of interfaces: one packet socket that receives nothing, all frames of a turn in one
// sendmmsg(). For one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/base/result.h"
#include "lib/log/log.h"

namespace tandem::net {

class Sender {
 public:
  // `shared`: a packet socket that receives nothing; the sender uses a duplicate of it. -1: the sender opens a socket
  // of its own, for which the process needs CAP_NET_RAW.
  static base::Result<std::unique_ptr<Sender>> open(log::Logger& logger, int shared);
  virtual ~Sender() = default;

  virtual void queue(base::IfIndex interface, base::Bytes frame) = 0;  // copies the frame
  // Sends all queued frames. A frame that the kernel refuses is dropped, and logged within a rate limit.
  virtual void flush() = 0;
};

}  // namespace tandem::net

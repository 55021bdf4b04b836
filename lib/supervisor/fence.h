// SPDX-License-Identifier: Apache-2.0
// Takes a worker that has stopped working off the network, so that another machine may take over its work. Each daemon
// says what that means: vrrpd deletes its macvlans and sends priority 0 (vrrpd/fence).
//
// The supervisor calls it while the worker dies and after its end. An implementation allocates nothing, opens nothing,
// and checks what it reads from the shared memory: a faulty worker may have written anything there.
#pragma once

#include <vector>

#include "lib/supervisor/shared.h"

namespace tandem::supervisor {

class Fence {
 public:
  virtual ~Fence() = default;

  // Ends what the kernel does on behalf of the worker. Returns when that is done. The second call removes
  // what a dying worker had still asked the kernel for.
  virtual void isolate(const Shared& shared) const = 0;
  // Calls isolate(), then tells the neighbours that they may take over. A second call does nothing.
  virtual void resign(const Shared& shared) const = 0;
  // Descriptors that the fence shares with the workers: they stay open when a worker, or the program, is replaced. The
  // daemon knows them by their order; -1: that one could not be opened.
  virtual std::vector<int> descriptors() const = 0;
  // What resign() did, for a log line: "its virtual routers have resigned".
  virtual const char* outcome() const = 0;
};

}  // namespace tandem::supervisor

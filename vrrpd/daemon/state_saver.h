// SPDX-License-Identifier: Apache-2.0
// Writes what the next worker needs into the checkpoint: the state of each router that has changed, and the frame with
// which the supervisor resigns for a Master whose worker has died. Used on the protocol's thread.
#pragma once

#include "vrrpd/daemon/runtime_context.h"
#include "vrrpd/packet/frame.h"

namespace tandem::vrrpd::daemon {

class StateSaver {
 public:
  explicit StateSaver(Checkpoint& checkpoint) : checkpoint_(checkpoint) {}

  // Precondition: the router has not been removed.
  void save(const RouterEntry& entry);
  // The router sends this advert out of this interface. Builds the frame anew only if the advert differs from the last.
  void prepare_resignation(RouterEntry& entry, base::IfIndex interface, const core::SendAdvertisement& send);
  void drop_resignations(RouterEntry& entry);

 private:
  Checkpoint& checkpoint_;
  packet::FrameBuffer frame_{};
};

}  // namespace tandem::vrrpd::daemon

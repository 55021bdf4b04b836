// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/state_saver.h"

namespace tandem::vrrpd::daemon {
namespace {

bool same_but_for_priority(const core::SendAdvertisement& one, const core::SendAdvertisement& other) {
  return one.source == other.source && one.addresses == other.addresses &&
         one.advertisement.interval == other.advertisement.interval &&
         one.advertisement.checksum == other.advertisement.checksum;
}

}  // namespace

void StateSaver::save(const RouterEntry& entry) {
  if (entry.place) {
    checkpoint_.remember(*entry.place, entry.key, entry.router->saved_state(),
                         {entry.past->since, entry.router->statistics(), entry.link});
  }
}

void StateSaver::prepare_resignation(RouterEntry& entry, base::IfIndex interface, const core::SendAdvertisement& send) {
  if (!entry.place || send.advertisement.priority == packet::kPriorityRelease) {
    return;
  }
  const packet::Version version = send.advertisement.version;
  std::optional<Resignation>& prepared = entry.resignations.at(version == packet::Version::v2 ? 1 : 0);
  if (prepared && prepared->interface == interface && same_but_for_priority(prepared->send, send)) {
    return;
  }
  packet::Advertisement resigning = send.advertisement;
  resigning.priority = packet::kPriorityRelease;
  checkpoint_.set_frame(*entry.place, version, interface,
                        packet::advertisement_frame(resigning, send.source, *send.addresses, frame_));
  prepared = Resignation{interface, send};
}

void StateSaver::drop_resignations(RouterEntry& entry) {
  entry.resignations = {};
  if (entry.place) {
    checkpoint_.drop_frames(*entry.place);
  }
}

}  // namespace tandem::vrrpd::daemon

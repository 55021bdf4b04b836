// SPDX-License-Identifier: Apache-2.0
// What the protocol leaves to the next worker, and how that one goes on with it.
#include <algorithm>

#include "vrrpd/daemon/limits.h"
#include "vrrpd/daemon/runtime.h"

namespace tandem::vrrpd::daemon {

// ---- going on

void Runtime::resume() {
  if (!checkpoint_.configuration()) {
    return;
  }
  const base::TimePoint now = event::monotonic_now();
  const std::vector<config::Change> plan = config::plan({}, *checkpoint_.configuration());
  recall_links(plan, now);
  for (const config::Change& what : plan) {
    if (const auto* added = std::get_if<config::AddRouter>(&what)) {
      resume(*added, now);
    } else {
      std::visit([&](const auto& each) { change(each, now); }, what);
    }
  }
  checkpoint_.forget_others();
  devices_->start();
  carry_out();
}

void Runtime::resume(const config::AddRouter& added, base::TimePoint now) {
  const core::RouterConfig config = config::router_config(added.group, added.key.family);
  const auto memory = checkpoint_.memory_of(added.key, config.advertisement_interval, now);
  core::InterfaceStatus status = status_in(added.key, added.group.vrf);
  status.counts_from = counts_from(added.key, added.group.startup_delay);
  const bool possible = status.up && status.primary && status.device_ready && !config.shutdown;
  if (!memory || memory->state == core::State::initialize || memory->stopping || !possible) {
    change(added, now);
    return;
  }
  const Checkpoint::Past past = checkpoint_.past_of(added.key);
  const core::RouterId id = enter(added);
  journal_.resume(id, past.since);
  const bool master = memory->state == core::State::master;
  engine_.resume(id, config, status, *memory);
  entries_.at(id).router = engine_.find(id);
  engine_.set_statistics(id, past.statistics);
  want_device(id, master);
  touched_.push_back(id);
  refresh(id, now);
  if (!master) {
    drop_resignations(entries_.at(id));
    return;
  }
  refresh_router_advertisements(id, added.group);
  const io::Interface& device = *devices_->interfaces().find(devices_->device_of(id));
  if (device.addresses.size() < config.addresses->size()) {  // the former worker did not get that far
    entries_.at(id).to_announce.push_back(config.addresses);
  }
}

// ---- what is left

// Before anything is done: who dies while doing it has begun it.
void Runtime::remember() {
  for (const core::Action& action : actions_) {
    touched_.push_back(action.router);
  }
  std::sort(touched_.begin(), touched_.end());
  touched_.erase(std::unique(touched_.begin(), touched_.end()), touched_.end());
  const base::TimePoint now = event::monotonic_now();
  bool standstill_changes = false;
  for (const core::RouterId id : touched_) {
    const auto known = entries_.find(id);
    if (known == entries_.end() || known->second.router == nullptr) {
      continue;
    }
    Entry& entry = known->second;
    limit_patience(*entry.router);
    if (entry.place) {
      checkpoint_.remember(*entry.place, entry.key, entry.router->saved_state(),
                           {entry.past->since, entry.router->statistics(), entry.link});
    }
    standstill_changes |= note_standstill(id, entry, now);
  }
  if (standstill_changes) {
    set_standstill_timer();
  }
  touched_.clear();
}

// Built again only if something in it has changed: mostly a Master says the same thing for months.
void Runtime::prepare_resignation(Entry& entry, base::IfIndex interface, const core::SendAdvertisement& send) {
  if (!entry.place || send.advertisement.priority == packet::kPriorityRelease) {
    return;
  }
  const packet::Version version = send.advertisement.version;
  std::optional<Resignation>& known = entry.resignations.at(version == packet::Version::v2 ? 1 : 0);
  if (known) {
    const core::SendAdvertisement& before = known->send;
    if (known->interface == interface && before.source == send.source && before.addresses == send.addresses &&
        before.advertisement.interval == send.advertisement.interval &&
        before.advertisement.checksum == send.advertisement.checksum) {
      return;
    }
  }
  packet::Advertisement resigning = send.advertisement;
  resigning.priority = packet::kPriorityRelease;
  checkpoint_.set_frame(*entry.place, version, interface,
                        packet::advertisement_frame(resigning, send.source, *send.addresses, frame_));
  known = Resignation{interface, send};
}

void Runtime::drop_resignations(Entry& entry) {
  entry.resignations = {};
  if (entry.place) {
    checkpoint_.drop_frames(*entry.place);
  }
}

// ---- signs of life

// A third of the time after which the first peer takes over.
core::Duration Runtime::patience_with(const core::Router& router) {
  if (router.state() == core::State::initialize) {
    return supervisor::kMaxTimeout;
  }
  return std::clamp<core::Duration>(router.current_master_down_interval() / 3, supervisor::kMinTimeout,
                                    supervisor::kMaxTimeout);
}

core::Duration Runtime::patience() const {
  core::Duration shortest = supervisor::kMaxTimeout;
  for (const auto& [id, entry] : entries_) {
    if (const core::Router* const router = engine_.find(id)) {
      shortest = std::min(shortest, patience_with(*router));
    }
  }
  return shortest;
}

// Less silence is allowed at once, more when all are looked at again.
void Runtime::limit_patience(const core::Router& router) {
  if (patience_with(router) < patience_) {  // never before the first sign of life
    patience_ = patience_with(router);
    beat_.set(event::monotonic_now());
  }
}

void Runtime::on_beat() {
  const base::TimePoint now = event::monotonic_now();
  if (now >= patience_until_) {
    patience_ = patience();
    patience_until_ = now + kPatienceHolds;
  }
  checkpoint_.set_foreign(devices_->adopted());
  checkpoint_.alive(now, patience_);
  beat_.set(now + patience_ / kBeatsPerPatience);
}

}  // namespace tandem::vrrpd::daemon

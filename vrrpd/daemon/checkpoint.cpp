// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/checkpoint.h"

#include <algorithm>
#include <cstring>

#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::daemon {

using fence::Frame;

Checkpoint::Checkpoint(const supervisor::Shared* shared) : SharedCheckpoint(shared) {
  if (shared == nullptr) {
    return;
  }
  TANDEM_INVARIANT(shared->slots() >= core::kMaxRouters);
  resigned_ = was_fenced();
  configuration_ = checkpoint::decode_configuration(left_configuration());
  if (!configuration_) {
    clear();
    return;
  }
  text_ = left_text();
  const std::size_t slots = recall_slots();
  for (Place place = 0; place < slots; ++place) {
    recall(place);
  }
}

void Checkpoint::recall(Place place) {
  const auto record = checkpoint::decode_record(left_in(place));
  if (!record || !recalled_.try_emplace(record->key, Recalled{place, record->state, record->past}).second) {
    reuse(place);
  }
}

namespace {

// No timer ends later than the router itself would have set it now, whatever the record says.
void limit(core::SavedState& memory, core::Duration interval, base::TimePoint now) {
  core::MasterTimer& timer = memory.master_timer;
  timer.next_advertisement = std::min(timer.next_advertisement, now + interval);
  timer.immediate_since = std::min(timer.immediate_since, now);
  timer.quiet_until = std::min<base::TimePoint>(timer.quiet_until, now + core::kReannounceInterval);
  if (memory.backup.hold_since) {
    memory.backup.hold_since = std::min(*memory.backup.hold_since, now);
  }
}

}  // namespace

std::optional<core::SavedState> Checkpoint::memory_of(const config::RouterKey& key, core::Duration interval,
                                                      base::TimePoint now) const {
  const auto found = recalled_.find(key);
  if (found == recalled_.end() || resigned_) {
    return std::nullopt;
  }
  core::SavedState memory = found->second.memory;
  // Three intervals after the last advert the first Backup takes over.
  if (memory.state == core::State::master && now >= memory.master_timer.next_advertisement + 2 * interval) {
    return std::nullopt;
  }
  memory.backup.set_at = now;
  limit(memory, interval, now);
  return memory;
}

Checkpoint::Past Checkpoint::past_of(const config::RouterKey& key) const {
  const auto found = recalled_.find(key);
  return found == recalled_.end() ? Past() : found->second.past;
}

void Checkpoint::forget_others() {
  for (const auto& [key, recalled] : std::exchange(recalled_, {})) {
    remove(recalled.place);
  }
  forget_fencing();
}

std::optional<Checkpoint::Place> Checkpoint::add(const config::RouterKey& key) {
  if (const auto known = recalled_.extract(key)) {
    return known.mapped().place;
  }
  return SharedCheckpoint::add();
}

void Checkpoint::remove(Place place) {
  drop_frames(place);
  SharedCheckpoint::remove(place);
}

void Checkpoint::remember(Place place, const config::RouterKey& key, const core::SavedState& memory, const Past& past) {
  publish(place, checkpoint::encode(key, memory, past, room_in(place)));
}

void Checkpoint::set_frame(Place place, packet::Version version, base::IfIndex interface, base::Bytes bytes) {
  Frame& frame = fence::frame(*shared(), fence::kFramesPerRouter * place + (version == packet::Version::v2 ? 1 : 0));
  frame.interface.store(0);
  if (bytes.size() > frame.bytes.size()) {
    return;
  }
  std::memcpy(frame.bytes.data(), bytes.data(), bytes.size());
  frame.size = static_cast<std::uint32_t>(bytes.size());
  frame.check = supervisor::checksum(std::span(frame.bytes).first(bytes.size()));
  frame.interface.store(base::to_number(interface));
}

void Checkpoint::drop_frames(Place place) {
  for (std::size_t i = 0; i < fence::kFramesPerRouter; ++i) {
    fence::frame(*shared(), fence::kFramesPerRouter * place + i).interface.store(0);
  }
}

void Checkpoint::set_foreign(std::span<const base::IfIndex> indices) {
  if (shared() == nullptr) {
    return;
  }
  auto& foreign = fence::foreign_macvlans(*shared());
  for (std::size_t i = 0; i < foreign.size(); ++i) {
    foreign.at(i).store(i < indices.size() ? base::to_number(indices[i]) : 0);
  }
}

bool Checkpoint::save(const config::Config& configuration, std::string_view text) {
  return shared() == nullptr || SharedCheckpoint::save(checkpoint::encode(configuration), text);
}

}  // namespace tandem::vrrpd::daemon

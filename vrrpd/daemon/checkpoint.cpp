// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/checkpoint.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "vrrpd/core/limits.h"

namespace tandem::vrrpd::daemon {

using fence::Frame;

Checkpoint::Checkpoint(const supervisor::Shared* shared) : shared_(shared) {
  if (shared_ == nullptr) {
    return;
  }
  TANDEM_INVARIANT(shared_->slots() >= core::kMaxRouters);
  resigned_ = shared_->header().fenced.load() != 0;
  configuration_ = checkpoint::decode_configuration(shared_->configuration().read());
  if (!configuration_) {
    clear();
    return;
  }
  const auto text = shared_->text().read();
  text_.assign(reinterpret_cast<const char*>(text.data()), text.size());
  next_ = std::min<std::size_t>(shared_->header().slots_used.load(), shared_->slots());
  for (Place place = 0; place < next_; ++place) {
    recall(place);
  }
}

void Checkpoint::recall(Place place) {
  const auto record = checkpoint::decode_record(shared_->slot(place).read_either());
  if (!record || !recalled_.try_emplace(record->key, Recalled{place, record->memory, record->past}).second) {
    free_.push_back(place);
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
  if (shared_ != nullptr) {
    shared_->header().fenced.store(0);
  }
}

std::optional<Checkpoint::Place> Checkpoint::add(const config::RouterKey& key) {
  if (const auto known = recalled_.extract(key)) {
    return known.mapped().place;
  }
  if (!free_.empty()) {
    const Place place = free_.back();
    free_.pop_back();
    return place;
  }
  if (shared_ == nullptr || next_ == shared_->slots()) {
    return std::nullopt;
  }
  if (!shared_->reserve_slots(next_, 1)) {
    return std::nullopt;
  }
  shared_->header().slots_used.store(static_cast<std::uint32_t>(next_ + 1));
  return next_++;
}

void Checkpoint::remove(Place place) {
  drop_frames(place);
  shared_->slot(place).clear();
  free_.push_back(place);
}

void Checkpoint::remember(Place place, const config::RouterKey& key, const core::SavedState& memory, const Past& past) {
  const supervisor::Blob slot = shared_->slot(place);
  const std::size_t size = encoder_.encode(key, memory, past, slot.next());
  if (size == 0) {
    return slot.clear();  // what it was before is not what it is: it begins anew
  }
  slot.publish(size);
}

void Checkpoint::set_frame(Place place, packet::Version version, base::IfIndex interface, base::Bytes bytes) {
  Frame& frame = fence::frame(*shared_, fence::kFramesPerRouter * place + (version == packet::Version::v2 ? 1 : 0));
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
    fence::frame(*shared_, fence::kFramesPerRouter * place + i).interface.store(0);
  }
}

void Checkpoint::set_foreign(std::span<const base::IfIndex> indices) {
  if (shared_ == nullptr) {
    return;
  }
  auto& foreign = fence::foreign_macvlans(*shared_);
  for (std::size_t i = 0; i < foreign.size(); ++i) {
    foreign.at(i).store(i < indices.size() ? base::to_number(indices[i]) : 0);
  }
}

void Checkpoint::alive(base::TimePoint now, base::Duration timeout) {
  if (shared_ != nullptr) {
    supervisor::Header& header = shared_->header();
    header.heartbeat_timeout.store(timeout.count());
    header.heartbeat.store(now.time_since_epoch().count());
    header.phase.store(supervisor::Phase::running);
  }
}

void Checkpoint::management_alive() {
  if (shared_ != nullptr) {
    supervisor::Header& header = shared_->header();
    header.management_thread.store(::gettid());
    header.management_heartbeat.store(supervisor::monotonic_microseconds());
  }
}

void Checkpoint::stopping() {
  if (shared_ != nullptr) {
    shared_->header().heartbeat.store(supervisor::monotonic_microseconds());
    shared_->header().phase.store(supervisor::Phase::stopping);
  }
}

void Checkpoint::clear() {
  if (shared_ != nullptr) {
    shared_->header().slots_used.store(0);
    shared_->clear();
  }
}

std::optional<supervisor::End> Checkpoint::last_end() const {
  supervisor::End end{};
  return shared_ != nullptr && shared_->header().last_end.read(end) ? std::optional(end) : std::nullopt;
}

unsigned Checkpoint::replacements() const { return shared_ == nullptr ? 0 : shared_->header().workers.load() - 1; }

bool Checkpoint::save(const config::Config& configuration, std::string_view text) {
  if (shared_ == nullptr) {
    return true;
  }
  const bool published = publish(shared_->configuration(), checkpoint::encode(configuration));
  return publish(shared_->text(), text) && published;
}

// What cannot be published whole leaves nothing: the next worker makes a clean start then.
bool Checkpoint::publish(const supervisor::Blob& blob, std::string_view bytes) const {
  const auto room = blob.next();
  const bool fits = bytes.size() <= room.size() && shared_->reserve(room.first(bytes.size()));
  if (fits) {
    std::memcpy(room.data(), bytes.data(), bytes.size());
  }
  blob.publish(fits ? bytes.size() : 0);
  return fits;
}

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/shared_checkpoint.h"

#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace tandem::daemon {

void SharedCheckpoint::alive(base::TimePoint now, base::Duration timeout) {
  if (shared_ != nullptr) {
    supervisor::Header& header = shared_->header();
    header.heartbeat_timeout.store(timeout.count());
    header.heartbeat.store(now.time_since_epoch().count());
    header.phase.store(supervisor::Phase::running);
  }
}

void SharedCheckpoint::management_alive() {
  if (shared_ != nullptr) {
    supervisor::Header& header = shared_->header();
    header.management_thread.store(::gettid());
    header.management_heartbeat.store(supervisor::monotonic_microseconds());
  }
}

void SharedCheckpoint::stopping() {
  if (shared_ != nullptr) {
    shared_->header().heartbeat.store(supervisor::monotonic_microseconds());
    shared_->header().phase.store(supervisor::Phase::stopping);
  }
}

std::optional<supervisor::End> SharedCheckpoint::last_end() const {
  supervisor::End end{};
  return shared_ != nullptr && shared_->header().last_end.read(end) ? std::optional(end) : std::nullopt;
}

unsigned SharedCheckpoint::replacements() const {
  return shared_ == nullptr ? 0 : shared_->header().workers.load() - 1;
}

bool SharedCheckpoint::was_fenced() const { return shared_ != nullptr && shared_->header().fenced.load() != 0; }

void SharedCheckpoint::forget_fencing() {
  if (shared_ != nullptr) {
    shared_->header().fenced.store(0);
  }
}

std::span<const std::byte> SharedCheckpoint::left_configuration() const {
  return shared_ == nullptr ? std::span<const std::byte>() : shared_->configuration().read();
}

std::string_view SharedCheckpoint::left_text() const {
  const auto text = shared_ == nullptr ? std::span<const std::byte>() : shared_->text().read();
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

std::size_t SharedCheckpoint::recall_slots() {
  next_ = shared_ == nullptr ? 0 : std::min<std::size_t>(shared_->header().slots_used.load(), shared_->slots());
  return next_;
}

std::span<const std::byte> SharedCheckpoint::left_in(Place place) const { return shared_->slot(place).read_either(); }

std::optional<SharedCheckpoint::Place> SharedCheckpoint::add() {
  if (!free_.empty()) {
    const Place place = free_.back();
    free_.pop_back();
    return place;
  }
  if (shared_ == nullptr || next_ == shared_->slots() || !shared_->reserve_slots(next_, 1)) {
    return std::nullopt;
  }
  shared_->header().slots_used.store(static_cast<std::uint32_t>(next_ + 1));
  return next_++;
}

void SharedCheckpoint::remove(Place place) {
  shared_->slot(place).clear();
  free_.push_back(place);
}

std::span<std::byte> SharedCheckpoint::room_in(Place place) const { return shared_->slot(place).next(); }

// What the object was before is not what it is: without a record it begins anew.
void SharedCheckpoint::publish(Place place, std::size_t size) {
  const supervisor::Blob slot = shared_->slot(place);
  if (size == 0) {
    return slot.clear();
  }
  slot.publish(size);
}

bool SharedCheckpoint::save(std::string_view configuration, std::string_view text) {
  if (shared_ == nullptr) {
    return true;
  }
  const bool published = publish(shared_->configuration(), configuration);
  return publish(shared_->text(), text) && published;
}

// What cannot be published whole leaves nothing: the next worker makes a clean start then.
bool SharedCheckpoint::publish(const supervisor::Blob& blob, std::string_view bytes) const {
  const auto room = blob.next();
  const bool fits = bytes.size() <= room.size() && shared_->reserve(room.first(bytes.size()));
  if (fits) {
    std::memcpy(room.data(), bytes.data(), bytes.size());
  }
  blob.publish(fits ? bytes.size() : 0);
  return fits;
}

void SharedCheckpoint::clear() {
  if (shared_ != nullptr) {
    shared_->header().slots_used.store(0);
    shared_->clear();
  }
}

}  // namespace tandem::daemon

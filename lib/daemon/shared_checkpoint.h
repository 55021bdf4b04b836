// SPDX-License-Identifier: Apache-2.0
// A worker's side of the memory that it shares with the supervisor (lib/supervisor/shared.h): its heartbeats, and what
// it leaves to the next worker: the configuration, and a slot for each of the daemon's objects. What the bytes in there
// mean, the daemon says. Without a supervisor nothing is left, and every call does nothing.
//
// The program's own thread uses all of it, except for save() and management_alive(), which are management's.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/time.h"
#include "lib/supervisor/shared.h"

namespace tandem::daemon {

class SharedCheckpoint {
 public:
  using Place = std::size_t;  // the number of a slot

  // `shared`: nullptr without a supervisor; outlives the object.
  explicit SharedCheckpoint(const supervisor::Shared* shared) : shared_(shared) {}

  // ---- heartbeats

  void alive(base::TimePoint now, base::Duration timeout);  // of the program's own thread
  void management_alive();                                  // on the management thread
  void stopping();                                          // no more heartbeats

  // ---- how the worker before ended

  std::optional<supervisor::End> last_end() const;
  unsigned replacements() const;
  bool was_fenced() const;  // then the next worker must not continue what the slots say
  void forget_fencing();

  // ---- what was left. Empty if there is nothing, or if it is damaged.

  std::span<const std::byte> left_configuration() const;
  std::string_view left_text() const;  // the configuration as commands
  // The number of slots that may have something. Called once, before any add().
  std::size_t recall_slots();
  std::span<const std::byte> left_in(Place place) const;
  void reuse(Place place) { free_.push_back(place); }  // what was left there is of no use

  // ---- what is left

  // nullopt: there are too many objects, or there is no memory. The object will start anew after a crash.
  std::optional<Place> add();
  void remove(Place place);
  std::span<std::byte> room_in(Place place) const;  // where the next record goes; then publish()
  void publish(Place place, std::size_t size);      // 0: there is none
  // The configuration that runs, in the daemon's own format and as commands. On the management thread. False: there is
  // no room for it, and the next worker makes a clean start.
  bool save(std::string_view configuration, std::string_view text);
  void clear();  // nothing is left

 protected:
  const supervisor::Shared* shared() const { return shared_; }

 private:
  bool publish(const supervisor::Blob& blob, std::string_view bytes) const;

  const supervisor::Shared* shared_;
  std::vector<Place> free_;
  Place next_ = 0;
};

}  // namespace tandem::daemon

// SPDX-License-Identifier: Apache-2.0
// What a worker leaves to the next one (lib/daemon/shared_checkpoint.h): the states of its virtual routers, after each
// turn of the loop; the frames that resign for them; the configuration, after each transaction.
//
// The protocol's thread uses all of it, except for save() and management_alive(), which are management's. Without a
// supervisor there is no checkpoint, and every call does nothing.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/daemon/shared_checkpoint.h"
#include "vrrpd/checkpoint/codec.h"
#include "vrrpd/config/plan.h"
#include "vrrpd/core/saved_state.h"
#include "vrrpd/fence/frame.h"

namespace tandem::vrrpd::daemon {

class Checkpoint : public tandem::daemon::SharedCheckpoint {
 public:
  using Past = checkpoint::Past;

  // Reads what a former worker has left. `shared`: none without a supervisor; outlives the object.
  explicit Checkpoint(const supervisor::Shared* shared);

  // ---- what was left

  // None: there is nothing to go on with, this is a clean start.
  const std::optional<config::Config>& configuration() const { return configuration_; }
  const std::string& text() const { return text_; }  // the same as commands; empty if it has been lost
  // What the virtual router was doing, if its peers cannot have taken over since: a Master that its peers have not
  // missed yet goes on as Master, a Backup waits a full Master_Down_Interval anew, as it has heard no Master lately.
  std::optional<core::SavedState> memory_of(const config::RouterKey& key, core::Duration interval,
                                            base::TimePoint now) const;
  bool knows(const config::RouterKey& key) const { return recalled_.contains(key); }
  Past past_of(const config::RouterKey& key) const;  // nothing if nothing is known of it
  // All routers that there are have been added: the rest of what was left is of no use.
  void forget_others();

  // ---- what is left, by the place of the router

  std::optional<Place> add(const config::RouterKey& key);  // none: too many, or no memory; it will start anew
  void remove(Place place);
  void remember(Place place, const config::RouterKey& key, const core::SavedState& memory, const Past& past);
  // The frame with priority 0 that resigns for a Master, one for each version that it speaks.
  void set_frame(Place place, packet::Version version, base::IfIndex interface, base::Bytes bytes);
  void drop_frames(Place place);
  // Macvlans in use that another program has made.
  void set_foreign(std::span<const base::IfIndex> indices);

  // What runs, from now on. On the management thread. False: there is no room for it, the next worker makes a clean
  // start.
  bool save(const config::Config& configuration, std::string_view text);

 private:
  struct Recalled {
    Place place;
    core::SavedState memory;
    Past past;
  };
  void recall(Place place);

  bool resigned_ = false;  // the former worker's routers have resigned
  std::optional<config::Config> configuration_;
  std::string text_;
  std::map<config::RouterKey, Recalled> recalled_;
};

}  // namespace tandem::vrrpd::daemon

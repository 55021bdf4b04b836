// SPDX-License-Identifier: Apache-2.0
// core::Engine with a tape recorder: the same calls, and while a recording runs, each of them is written down with its
// time and with what the routers wanted done. Without a recording a call costs one test of a flag more.
//
// The recorder makes text and hands it over in pieces; it touches no file, so it never waits for one.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_set>

#include "vrrpd/recording/input.h"

namespace tandem::vrrpd::recording {

class Recorder {
 public:
  // As of core::Engine.
  void add(core::RouterId id, core::RouterConfig config, core::InterfaceStatus status, base::TimePoint now,
           core::Actions& actions);
  void resume(core::RouterId id, core::RouterConfig config, core::InterfaceStatus status,
              const core::SavedState& memory) {
    engine_.resume(id, std::move(config), std::move(status), memory);  // before any recording: include() it
  }
  void remove(core::RouterId id, base::TimePoint now, core::Actions& actions);
  void handle(core::RouterId id, const core::Event& event, base::TimePoint now, core::Actions& actions);
  void advance(base::TimePoint now, core::Actions& actions);
  std::optional<base::TimePoint> next_deadline() const { return engine_.next_deadline(); }
  const core::Router* find(core::RouterId id) const { return engine_.find(id); }
  std::size_t size() const { return engine_.size(); }
  void set_statistics(core::RouterId id, const core::Statistics& statistics) { engine_.set_statistics(id, statistics); }

  struct Tape {
    std::function<bool(std::string text)> take;             // gets whole lines; false: there is no room for more
    std::function<std::string(core::RouterId id)> name_of;  // what people call a router
  };
  // Begins a recording, of no router yet; another one ends. From now on it has every router that is added.
  void record(Tape tape, base::TimePoint now);
  // From now on it has these too, beginning with their present state. Routers do not know of each other, so this can be
  // done in pieces.
  void include(std::span<const core::RouterId> routers, base::TimePoint now);
  // Hands over the rest and ends the recording, if there is one.
  void stop_recording();
  bool is_recording() const { return recording_; }

 private:
  void begin(core::RouterId id);
  void note(const Input& input, std::span<const core::Action> actions);
  void write_actions(std::span<const core::Action> actions, base::TimePoint now);
  void write(std::string_view line);

  core::Engine engine_;
  bool recording_ = false;
  Tape tape_;
  std::unordered_set<core::RouterId> included_;
  std::string text_;
  base::TimePoint handed_over_{};
};

}  // namespace tandem::vrrpd::recording

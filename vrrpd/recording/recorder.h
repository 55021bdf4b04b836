// SPDX-License-Identifier: Apache-2.0
// core::Engine with a recorder: the same calls. While a recording runs, each call is written with its time and with the
// actions of the routers. Without a recording a call costs one more test of a flag.
//
// The recorder makes text and passes it on in pieces. It uses no file, so it never waits for one.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_set>

#include "vrrpd/recording/input.h"

namespace tandem::vrrpd::recording {

class Recorder {
 public:
  // The same functions as those of core::Engine.
  void add(core::RouterId id, core::RouterConfig config, core::InterfaceStatus status, base::TimePoint now,
           core::Actions& actions);
  void resume(core::RouterId id, core::RouterConfig config, core::InterfaceStatus status,
              const core::SavedState& memory) {
    engine_.resume(id, std::move(config), std::move(status), memory);  // before any recording: include() records it
  }
  void remove(core::RouterId id, base::TimePoint now, core::Actions& actions);
  void handle(core::RouterId id, const core::Event& event, base::TimePoint now, core::Actions& actions);
  void advance(base::TimePoint now, core::Actions& actions);
  std::optional<base::TimePoint> next_deadline() const { return engine_.next_deadline(); }
  const core::Router* find(core::RouterId id) const { return engine_.find(id); }
  std::size_t size() const { return engine_.size(); }
  void set_statistics(core::RouterId id, const core::Statistics& statistics) { engine_.set_statistics(id, statistics); }

  struct Tape {
    std::function<bool(std::string text)> take;  // gets whole lines; returns false if it has no room for more
    std::function<std::string(core::RouterId id)> name_of;  // the name of a router for readers
  };
  // Begins a recording without routers and ends the previous one. Each router that is added from now on is recorded.
  void record(Tape tape, base::TimePoint now);
  // Records these routers too, from their present state on. Routers are independent, so the caller may include them in
  // several steps.
  void include(std::span<const core::RouterId> routers, base::TimePoint now);
  // Passes on the rest of the text and ends the recording, if one runs.
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

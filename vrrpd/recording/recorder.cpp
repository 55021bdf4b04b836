// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/recording/recorder.h"

#include <algorithm>
#include <iterator>

#include "vrrpd/recording/limits.h"
#include "vrrpd/recording/line.h"

namespace tandem::vrrpd::recording {

namespace {

decltype(Input::what) owned(const core::Event& event) {
  if (const auto* received = std::get_if<core::AdvertisementReceived>(&event)) {
    const packet::ReceivedAdvertisement& advertisement = received->advertisement;
    HeardAdvertisement heard{advertisement.fields, advertisement.source, {}};
    for (std::size_t i = 0; i < advertisement.addresses.size(); ++i) {
      heard.addresses.push_back(advertisement.addresses[i]);
    }
    return heard;
  }
  if (const auto* configured = std::get_if<core::Configured>(&event)) {
    return *configured;
  }
  if (const auto* changed = std::get_if<core::InterfaceChanged>(&event)) {
    return *changed;
  }
  if (const auto* rejected = std::get_if<core::PacketRejected>(&event)) {
    return *rejected;
  }
  return core::StopRequested{};
}

}  // namespace

void Recorder::add(core::RouterId id, core::RouterConfig config, core::InterfaceStatus status, base::TimePoint now,
                   core::Actions& actions) {
  const std::size_t before = actions.size();
  if (!recording_) {
    return engine_.add(id, std::move(config), std::move(status), now, actions);
  }
  begin(id);
  const Input input{now, id, Added{config, status}};
  engine_.add(id, std::move(config), std::move(status), now, actions);
  note(input, std::span(actions).subspan(before));
}

void Recorder::remove(core::RouterId id, base::TimePoint now, core::Actions& actions) {
  const std::size_t before = actions.size();
  engine_.remove(id, now, actions);
  if (recording_) {
    note({now, id, Removed{}}, std::span(actions).subspan(before));
    included_.erase(id);
  }
}

void Recorder::handle(core::RouterId id, const core::Event& event, base::TimePoint now, core::Actions& actions) {
  const std::size_t before = actions.size();
  engine_.handle(id, event, now, actions);
  if (recording_) {
    note({now, id, owned(event)}, std::span(actions).subspan(before));
  }
}

void Recorder::advance(base::TimePoint now, core::Actions& actions) {
  const std::size_t before = actions.size();
  engine_.advance(now, actions);
  if (!recording_) {
    return;
  }
  core::Actions seen;
  std::copy_if(actions.begin() + static_cast<std::ptrdiff_t>(before), actions.end(), std::back_inserter(seen),
               [this](const core::Action& action) { return included_.contains(action.router); });
  if (!seen.empty()) {  // a call before the first deadline changes nothing
    write(to_line(Input{now, {}, Advanced{}}));
    write_actions(seen, now);
  }
}

void Recorder::record(Tape tape, base::TimePoint now) {
  stop_recording();
  tape_ = std::move(tape);
  recording_ = true;
  handed_over_ = now;
  write(kFirstLine);
}

void Recorder::include(std::span<const core::RouterId> routers, base::TimePoint now) {
  for (const core::RouterId id : routers) {
    const core::Router* const router = engine_.find(id);
    if (recording_ && router != nullptr && !included_.contains(id)) {
      begin(id);
      note({now, id, Resumed{router->config(), router->interface_status(), router->saved_state()}}, {});
    }
  }
}

void Recorder::stop_recording() {
  if (!recording_) {
    return;
  }
  recording_ = false;
  if (!text_.empty()) {
    tape_.take(std::exchange(text_, {}));
  }
  tape_ = {};
  included_.clear();
}

void Recorder::begin(core::RouterId id) {
  included_.insert(id);
  write(name_line(id, tape_.name_of(id)));
}

void Recorder::note(const Input& input, std::span<const core::Action> actions) {
  if (included_.contains(input.router)) {
    write(to_line(input));
    write_actions(actions, input.at);
  }
}

void Recorder::write_actions(std::span<const core::Action> actions, base::TimePoint now) {
  for (const core::Action& action : actions) {
    write(to_line(action));
  }
  const bool due = text_.size() >= kChunkSize || now - handed_over_ >= kLongestDelay;
  if (!due) {
    return;
  }
  handed_over_ = now;
  if (!tape_.take(std::exchange(text_, {}))) {
    stop_recording();
  }
}

void Recorder::write(std::string_view line) {
  text_ += line;
  text_ += '\n';
}

}  // namespace tandem::vrrpd::recording

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/vrrp_work.h"

#include "vrrpd/config/from_yang.h"
#include "vrrpd/daemon/messages.h"

namespace tandem::vrrpd::daemon {

Kept kept_of(std::span<const int> descriptors) {
  const auto at = [&](std::size_t place) { return place < descriptors.size() ? descriptors[place] : -1; };
  return {.packet_socket = at(0), .filter_socket = at(1)};
}

VrrpWork::VrrpWork(tandem::daemon::Frame& frame) : frame_(frame), checkpoint_(frame.context().shared) {}

void VrrpWork::log_start() {
  const auto& end = frame_.context().replaced_for;
  if (!end) {
    return;
  }
  if (end->cause == supervisor::Cause::lost) {
    frame_.logger().write<kStartedAgain>();
  } else {
    frame_.logger().write<kWorkerReplaced>(supervisor::to_string(*end),
                                           end->fenced != 0 ? "had resigned, and begin anew" : "go on");
  }
}

void VrrpWork::with_daemon(void (Daemon::*use)()) {
  frame_.on_management([this, use] {
    if (daemon_ != nullptr) {
      (*daemon_.*use)();
    }
  });
}

// The virtual routers go on from here, if there is something to go on with.
base::Result<> VrrpWork::open() {
  log_start();
  const Kept kept = kept_of(frame_.context().kept);
  runtime_ = TANDEM_TRY(Runtime::open(frame_.loop(), frame_.loop_logger(), checkpoint_,
                                      {.devices = {.state_directory = frame_.options().state_directory,
                                                   .instance = frame_.options().instance,
                                                   .filter_socket = kept.filter_socket},
                                       .packet_socket = kept.packet_socket}));
  runtime_->on_filter_input_changed([this] { with_daemon(&Daemon::on_filter_input_changed); });
  runtime_->on_foreign_macvlans([this] { with_daemon(&Daemon::follow_macvlans); });
  if (!frame_.context().clean_up) {
    runtime_->resume();
  }
  return {};
}

void VrrpWork::stop() {
  if (runtime_ != nullptr) {
    runtime_->stop();
  }
}

base::Result<> VrrpWork::open_management() {
  context_ = TANDEM_TRY(yang::Context::load(yang::default_directory(), config::yang_modules()));
  filter_.emplace(frame_.options().instance);
  daemon_ = TANDEM_TRY(Daemon::open({.loop = frame_.management_loop(),
                                     .logger = frame_.logger(),
                                     .log = {.last_lines = frame_.last_lines(),
                                             .backlog = frame_.log_backlog(),
                                             .handle_of_option = frame_.log_handle()},
                                     .runtime = *runtime_,
                                     .protocol_loop = frame_.loop(),
                                     .filter = *filter_,
                                     .checkpoint = checkpoint_,
                                     .listening = frame_.context().listening},
                                    frame_.options(), *context_));
  return {};
}

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
// Carries out the actions of a turn in the order of the protocol: adverts, then ownership towards the kernel, then
// announcements (core/action.h); then router advertisements and the log. Used on the protocol's thread.
#pragma once

#include <memory>

#include "lib/net/sender.h"
#include "vrrpd/daemon/explanations.h"
#include "vrrpd/daemon/router_advertiser.h"
#include "vrrpd/daemon/runtime_context.h"
#include "vrrpd/daemon/state_saver.h"

namespace tandem::vrrpd::daemon {

class ActionExecutor {
 public:
  // Keeps references; `context.devices` may still be null.
  ActionExecutor(RuntimeContext& context, Explanations& explanations, std::unique_ptr<net::Sender> sender);

  // Before anything else, when `context.devices` is set.
  void use_devices() { router_advertiser_.use(*context_.devices); }

  // All actions of the turn. They have been saved already: a worker that dies while it carries them out has begun them.
  void carry_out(const core::Actions& actions);

  // Tells the reconciler what this router wants of the kernel. `claimed`: it is Master.
  void want_device(core::RouterId id, bool claimed);
  // Sends what the router has to announce, if the kernel has settled it; without flush().
  void announce(core::RouterId id);
  // The settings or addresses of the router may have changed.
  void refresh_router_advertisements(core::RouterId id, const config::Group& group);
  void drop_resignations(core::RouterId id) { saver_.drop_resignations(context_.routers.at(id)); }
  void save(const RouterEntry& entry) { saver_.save(entry); }
  // The router has been removed, and its last actions have been carried out.
  void forget(core::RouterId id) { router_advertiser_.stop(id); }

 private:
  void send_adverts(const core::Actions& actions);
  void act_on_ownership(const core::Actions& actions);
  void announce_all(const core::Actions& actions);
  void queue_announcement(const RouterEntry& entry, const io::Interface& device, const core::AddressList& addresses);
  void follow_transitions(const core::Actions& actions);
  void log(const core::Actions& actions);
  void log_transition(core::RouterId id, const core::Transition& transition, base::TimePoint now);
  void log_startup_delay(core::RouterId id, bool held, base::TimePoint now);

  RuntimeContext& context_;
  Explanations& explanations_;
  std::unique_ptr<net::Sender> sender_;
  RouterAdvertiser router_advertiser_;
  StateSaver saver_;
  packet::FrameBuffer frame_{};
};

}  // namespace tandem::vrrpd::daemon

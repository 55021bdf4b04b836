// SPDX-License-Identifier: Apache-2.0
// Has virtual routers come, change and go as the configuration says, go on where another worker's were, and follow their
// interfaces. Its actions are left in the context for the end of the turn. Used on the protocol's thread.
#pragma once

#include <span>
#include <vector>

#include "vrrpd/daemon/action_executor.h"
#include "vrrpd/daemon/advert_receiver.h"
#include "vrrpd/daemon/explanations.h"
#include "vrrpd/daemon/interface_watch.h"
#include "vrrpd/daemon/runtime_context.h"

namespace tandem::vrrpd::daemon {

class RouterLifecycle {
 public:
  struct Parts {
    RuntimeContext& context;
    InterfaceWatch& watch;
    Explanations& explanations;
    ActionExecutor& executor;
    AdvertReceiver& receiver;
  };
  // Keeps references.
  explicit RouterLifecycle(const Parts& parts);

  void apply(const config::Change& what, base::TimePoint now);
  // After the actions of removed routers have been carried out.
  void forget_removed();
  // Instead of apply(): routers that the checkpoint knows go on, the others start.
  void resume(std::span<const config::Change> plan, base::TimePoint now);
  // Tells the engine what the router's interface is now, if that differs from what it was told last.
  void refresh(core::RouterId id, base::TimePoint now);

 private:
  void change(const config::RemoveRouter& change, base::TimePoint now);
  void change(const config::AddRouter& change, base::TimePoint now);
  void change(const config::ChangeRouter& change, base::TimePoint now);
  void change(const config::ChangeAddressLease& change, base::TimePoint) { context_.devices->set_lease(change.lease); }
  template <class Other>
  void change(const Other&, base::TimePoint) {}  // of no concern to the protocol
  core::RouterId enter(const config::AddRouter& change);
  void resume(const config::AddRouter& added, base::TimePoint now);

  RuntimeContext& context_;
  InterfaceWatch& watch_;
  Explanations& explanations_;
  ActionExecutor& executor_;
  AdvertReceiver& receiver_;
  std::vector<core::RouterId> removed_;  // their last actions are still to be carried out
};

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/action_executor.h"

#include <algorithm>
#include <utility>

namespace tandem::vrrpd::daemon {

ActionExecutor::ActionExecutor(RuntimeContext& context, Explanations& explanations, std::unique_ptr<net::Sender> sender)
    : context_(context),
      explanations_(explanations),
      sender_(std::move(sender)),
      router_advertiser_(context.loop, context.logger, *sender_),
      saver_(context.checkpoint) {}

void ActionExecutor::carry_out(const core::Actions& actions) {
  send_adverts(actions);
  act_on_ownership(actions);
  announce_all(actions);
  follow_transitions(actions);
  log(actions);
}

// ---- adverts

void ActionExecutor::send_adverts(const core::Actions& actions) {
  for (const core::Action& action : actions) {
    const auto* const send = std::get_if<core::SendAdvertisement>(&action.what);
    if (send == nullptr) {
      continue;
    }
    RouterEntry& entry = context_.routers.at(action.router);
    if (entry.parent) {
      sender_->queue(*entry.parent,
                     packet::advertisement_frame(send->advertisement, send->source, *send->addresses, frame_));
      context_.log.sent(entry.key, *send);
      saver_.prepare_resignation(entry, *entry.parent, *send);
    }
  }
  sender_->flush();
}

// ---- ownership

// A router that lets go has nothing to announce any more.
void ActionExecutor::act_on_ownership(const core::Actions& actions) {
  bool changed = false;
  for (const core::Action& action : actions) {
    if (const auto* ownership = std::get_if<core::OwnershipChanged>(&action.what)) {
      want_device(action.router, ownership->claimed);
      changed = true;
      if (!ownership->claimed) {
        context_.routers.at(action.router).to_announce.clear();
        drop_resignations(action.router);
      }
    } else if (const auto* announcement = std::get_if<core::Announce>(&action.what)) {
      context_.routers.at(action.router).to_announce.push_back(announcement->addresses);
    }
  }
  if (changed) {
    context_.devices->act();
  }
}

void ActionExecutor::want_device(core::RouterId id, bool claimed) {
  explanations_.test(id, claimed);
  const RouterEntry& entry = context_.routers.at(id);
  context_.devices->want(id, {.interface = entry.key.interface,
                              .vrid = entry.key.vrid,
                              .family = entry.key.family,
                              .claimed = claimed,
                              .addresses = entry.prefixes,
                              .macvlan = entry.macvlan,
                              .advert_size = entry.advert_size});
}

// ---- announcements

void ActionExecutor::announce_all(const core::Actions& actions) {
  for (const core::Action& action : actions) {
    if (std::holds_alternative<core::Announce>(action.what)) {
      announce(action.router);
    }
  }
  sender_->flush();
}

// What the kernel is still at work on is announced when it is done.
void ActionExecutor::announce(core::RouterId id) {
  RouterEntry& entry = context_.routers.at(id);
  if (entry.to_announce.empty() || !context_.devices->outcome(id).settled()) {
    return;
  }
  const io::Interface* const device = context_.interfaces().find(context_.devices->device_of(id));
  for (const core::AddressList& addresses : std::exchange(entry.to_announce, {})) {
    if (device != nullptr) {
      queue_announcement(entry, *device, addresses);
    }
  }
}

void ActionExecutor::queue_announcement(const RouterEntry& entry, const io::Interface& device,
                                        const core::AddressList& addresses) {
  const base::MacAddress mac = packet::virtual_mac(entry.key.vrid, entry.key.family);
  for (const base::IpAddress& address : *addresses) {
    const bool owned = std::any_of(device.addresses.begin(), device.addresses.end(),
                                   [&](const netlink::Address& a) { return a.prefix.address == address; });
    if (!owned) {
      continue;  // the kernel refused it: Devices has logged that
    }
    sender_->queue(context_.interfaces().parent_of(device.link),
                   entry.key.family == base::Family::ipv4
                       ? packet::gratuitous_arp_frame(address, mac, frame_)
                       : packet::neighbour_advertisement_frame(address, mac, frame_));
    context_.log.announced(entry.key, address);
  }
}

// ---- router advertisements: the Master's (R55), and no other router's (R41)

void ActionExecutor::follow_transitions(const core::Actions& actions) {
  for (const core::Action& action : actions) {
    const auto* const transitioned = std::get_if<core::Transitioned>(&action.what);
    const RouterEntry* const entry = transitioned == nullptr ? nullptr : context_.routers.look_up(action.router);
    if (entry == nullptr || !entry->router_advertisement) {
      continue;
    }
    if (transitioned->transition.to == core::State::master) {
      router_advertiser_.advertise(action.router,
                                   {entry->key, entry->prefixes.front().address, *entry->router_advertisement});
    } else {
      router_advertiser_.stop(action.router);
    }
  }
}

void ActionExecutor::refresh_router_advertisements(core::RouterId id, const config::Group& group) {
  RouterEntry& entry = context_.routers.at(id);
  entry.router_advertisement = advertised_by(entry.key, group);
  if (entry.router->state() != core::State::master) {
    return;
  }
  if (entry.router_advertisement) {
    router_advertiser_.advertise(id, {entry.key, entry.prefixes.front().address, *entry.router_advertisement});
  } else {
    router_advertiser_.withdraw(id);
  }
}

// ---- the log

void ActionExecutor::log(const core::Actions& actions) {
  const base::TimePoint now = event::monotonic_now();
  for (const core::Action& action : actions) {
    if (const auto* transitioned = std::get_if<core::Transitioned>(&action.what)) {
      log_transition(action.router, transitioned->transition, now);
    } else if (const auto* change = std::get_if<core::HeldBack>(&action.what)) {
      log_startup_delay(action.router, change->held, now);
    } else if (const auto* noticed = std::get_if<core::Noticed>(&action.what)) {
      context_.log.notice(action.router, context_.routers.at(action.router).key, *noticed, now);
    }
  }
}

void ActionExecutor::log_transition(core::RouterId id, const core::Transition& transition, base::TimePoint now) {
  const RouterEntry& entry = context_.routers.at(id);
  context_.log.transition(id, entry.key, transition);
  if (transition.cause == core::Cause::initialize) {
    explanations_.said(id, core::describe(transition.initialize_reason, entry.key.interface), now);
  }
  if (entry.router != nullptr) {
    context_.log.timers(entry.key, *entry.router);
  }
}

void ActionExecutor::log_startup_delay(core::RouterId id, bool held, base::TimePoint now) {
  const RouterEntry& entry = context_.routers.at(id);
  if (entry.router == nullptr) {
    return;
  }
  if (const auto until = entry.router->held_until(); held && until) {
    context_.log.held_back(id, entry.key, *until - now);
  } else if (!held) {
    context_.log.startup_delay_over(id, entry.key);
  }
}

}  // namespace tandem::vrrpd::daemon

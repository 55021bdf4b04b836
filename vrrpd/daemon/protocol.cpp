// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/protocol.h"

#include <algorithm>
#include <future>
#include <optional>

#include "lib/event/thread.h"
#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

// Calls `function` on the loop with one element after the other, in turns of kTurn.
template <class Element, class Function>
void in_turns(event::Loop& loop, std::span<Element> all, const Function& function) {
  while (!all.empty()) {
    const std::size_t done = event::call(loop, [&] {
      const base::TimePoint end = event::monotonic_now() + kTurn;
      std::size_t count = 0;
      do {
        function(all[count++]);
      } while (count < all.size() && event::monotonic_now() < end);
      return count;
    });
    all = all.subspan(done);
  }
}

// The same with each interface that there is. Those that come meanwhile may be missed.
template <class Function>
void with_each_interface(event::Loop& loop, const Runtime& runtime, const Function& function) {
  std::optional<base::IfIndex> last;
  const auto turn = [&] {
    const std::map<base::IfIndex, io::Interface>& all = runtime.interfaces().all();
    const base::TimePoint end = event::monotonic_now() + kTurn;
    for (auto at = last ? all.upper_bound(*last) : all.begin(); at != all.end(); ++at) {
      function(at->second);
      last = at->first;
      if (event::monotonic_now() >= end) {
        return true;
      }
    }
    return false;
  };
  while (event::call(loop, turn)) {
  }
}

}  // namespace

void Protocol::apply(std::span<const config::Change> changes) {
  while (!changes.empty()) {
    const auto piece = changes.first(std::min(kChangesPerTurn, changes.size()));
    event::call(loop_, [&] { runtime_.apply(piece); });
    changes = changes.subspan(piece.size());
    on_progress_();
  }
}

base::Result<> Protocol::await_settled(std::span<const config::Change> changes) {
  std::vector<config::RouterKey> keys;
  const auto wait_for = [&keys](const auto& change) {
    if (!change.group.autoconfigured) {
      keys.push_back(change.key);
    }
  };
  for (const config::Change& change : changes) {
    if (const auto* added = std::get_if<config::AddRouter>(&change)) {
      wait_for(*added);
    } else if (const auto* changed = std::get_if<config::ChangeRouter>(&change)) {
      wait_for(*changed);
    }
  }
  // Shared: what is given up goes on there.
  auto promise = std::make_shared<std::promise<base::Result<>>>();
  auto result = promise->get_future();
  loop_.post([this, keys, promise] {
    runtime_.when_settled(keys, [promise](base::Result<> value) { promise->set_value(std::move(value)); });
  });
  std::uint64_t before = 0;
  for (int idle = 0; result.wait_for(kSettleLook) != std::future_status::ready; ++idle) {
    on_progress_();  // this wait has an end
    const std::uint64_t now = event::call(loop_, [this] { return runtime_.settlements(); });
    idle = now == before ? idle : 0;
    before = now;
    if (idle == kSettleLooks) {
      return base::fail("the kernel has made no interface ready for {} s", kSettleLooks * kSettleLook.count());
    }
  }
  return result.get();
}

void Protocol::start() {
  event::call(loop_, [this] { runtime_.start(); });
}

void Protocol::view(std::span<mgmt::GroupView> groups) const {
  in_turns(loop_, groups, [this](mgmt::GroupView& group) {
    group.v4 = runtime_.view({group.interface, group.config.vrid, core::Family::ipv4}, group.config);
    group.v6 = runtime_.view({group.interface, group.config.vrid, core::Family::ipv6}, group.config);
  });
}

std::vector<mgmt::HistoryEntry> Protocol::history(std::span<const config::RouterKey> routers) const {
  std::vector<mgmt::HistoryEntry> entries;
  in_turns(loop_, routers, [&](const config::RouterKey& key) {
    for (const mgmt::PastTransition& past : runtime_.history(key)) {
      entries.push_back({key.interface, key.vrid, key.family, past});
    }
  });
  return entries;
}

void Protocol::clear_statistics(std::span<const config::RouterKey> routers) {
  in_turns(loop_, routers, [this](const config::RouterKey& key) { runtime_.clear_statistics(key); });
}

bool Protocol::interface_exists(const std::string& name) const {
  return event::call(loop_, [&] { return runtime_.interfaces().find(name) != nullptr; });
}

std::vector<io::ForeignMacvlan> Protocol::foreign_macvlans() const {
  return event::call(loop_, [this] { return runtime_.foreign_macvlans(); });
}

std::vector<std::string> Protocol::interface_names() const {
  std::vector<std::string> names;
  with_each_interface(loop_, runtime_, [&names](const io::Interface& interface) {
    if (!io::is_of_a_virtual_router(interface.link)) {
      names.push_back(interface.link.name);
    }
  });
  return names;
}

std::vector<mgmt::InterfaceView> Protocol::interfaces() const {
  std::vector<mgmt::InterfaceView> views;
  with_each_interface(loop_, runtime_, [&](const io::Interface& interface) {
    const netlink::Link& link = interface.link;
    const io::Interface* const vrf = runtime_.interfaces().find(link.vrf);
    mgmt::InterfaceView view{.name = link.name,
                             .index = base::to_number(link.index),
                             .admin_up = link.admin_up,
                             .running = link.running,
                             .ethernet = link.ethernet,
                             .mac = link.mac,
                             .mtu = link.mtu,
                             .vrf = vrf == nullptr ? "default" : vrf->link.name,
                             .protodown = link.protodown};
    for (const netlink::Address& address : interface.addresses) {
      view.addresses.push_back(address.prefix);
    }
    views.push_back(std::move(view));
  });
  return views;
}

std::set<std::pair<std::string, base::IpAddress>> Protocol::holders_of(
    const std::set<base::IpAddress>& addresses) const {
  io::Holders holders;
  with_each_interface(loop_, runtime_,
                      [&](const io::Interface& interface) { io::add_holder(interface, addresses, holders); });
  return holders;
}

std::map<config::RouterKey, std::string> Protocol::device_names(std::span<const config::RouterKey> routers) const {
  std::map<config::RouterKey, std::string> names;
  in_turns(loop_, routers, [&](const config::RouterKey& key) {
    if (std::string name = runtime_.device_name(key); !name.empty()) {
      names.emplace(key, std::move(name));
    }
  });
  return names;
}

std::set<config::RouterKey> Protocol::refused_of(std::span<const config::RouterKey> routers) const {
  std::set<config::RouterKey> refused;
  in_turns(loop_, routers, [&](const config::RouterKey& key) {
    if (runtime_.is_refused(key)) {
      refused.insert(key);
    }
  });
  return refused;
}

void Protocol::start_recording(std::function<bool(std::string text)> take, std::span<const config::RouterKey> routers) {
  event::call(loop_, [&] { runtime_.start_recording(std::move(take)); });
  in_turns(loop_, routers, [this](const config::RouterKey& key) { runtime_.include_in_recording({&key, 1}); });
}

void Protocol::stop_recording() {
  event::call(loop_, [this] { runtime_.stop_recording(); });
}

void Protocol::set_debug(std::set<config::DebugTopic> topics) {
  event::call(loop_, [&] { runtime_.set_debug(std::move(topics)); });
}

}  // namespace tandem::vrrpd::daemon

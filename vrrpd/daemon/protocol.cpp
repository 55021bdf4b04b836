// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/protocol.h"

#include <algorithm>
#include <iterator>

#include "lib/event/thread.h"
#include "vrrpd/daemon/limits.h"

namespace tandem::vrrpd::daemon {
namespace {

template <class Element, class Function>
void in_pieces(std::span<Element> all, std::size_t size, const Function& function) {
  while (!all.empty()) {
    const std::span<Element> piece = all.first(std::min(size, all.size()));
    function(piece);
    all = all.subspan(piece.size());
  }
}

}  // namespace

void Protocol::apply(std::span<const config::Change> changes) {
  in_pieces(changes, kChangesPerTurn,
            [this](std::span<const config::Change> piece) { event::call(loop_, [&] { runtime_.apply(piece); }); });
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
  return event::call_and_await<base::Result<>>(
      loop_, [this, &keys](Runtime::Settled done) { runtime_.when_settled(std::move(keys), std::move(done)); });
}

void Protocol::start() {
  event::call(loop_, [this] { runtime_.start(); });
}

void Protocol::view(std::span<mgmt::GroupView> groups) const {
  const auto view_group = [this](mgmt::GroupView& group) {
    group.v4 = runtime_.view({group.interface, group.config.vrid, core::Family::ipv4}, group.config);
    group.v6 = runtime_.view({group.interface, group.config.vrid, core::Family::ipv6}, group.config);
  };
  in_pieces(groups, kRoutersPerTurn / 2, [&](std::span<mgmt::GroupView> piece) {
    event::call(loop_, [&] { std::for_each(piece.begin(), piece.end(), view_group); });
  });
}

std::vector<mgmt::HistoryEntry> Protocol::history(std::span<const config::RouterKey> routers) const {
  std::vector<mgmt::HistoryEntry> entries;
  in_pieces(routers, kRoutersPerTurn, [&](std::span<const config::RouterKey> piece) {
    event::call(loop_, [&] {
      for (const config::RouterKey& key : piece) {
        for (mgmt::PastTransition& past : runtime_.history(key)) {
          entries.push_back({key.interface, key.vrid, key.family, std::move(past)});
        }
      }
    });
  });
  return entries;
}

void Protocol::clear_statistics(std::span<const config::RouterKey> routers) {
  in_pieces(routers, kRoutersPerTurn, [this](std::span<const config::RouterKey> piece) {
    event::call(loop_, [&] {
      for (const config::RouterKey& key : piece) {
        runtime_.clear_statistics(key);
      }
    });
  });
}

bool Protocol::interface_exists(const std::string& name) const {
  return event::call(loop_, [&] { return runtime_.interfaces().find(name) != nullptr; });
}

std::vector<io::ForeignMacvlan> Protocol::foreign_macvlans() const {
  return event::call(loop_, [this] { return runtime_.foreign_macvlans(); });
}

std::vector<std::string> Protocol::interface_names() const {
  return event::call(loop_, [this] {
    std::vector<std::string> names;
    for (const auto& [index, interface] : runtime_.interfaces().all()) {
      if (!interface.link.macvlan || !packet::parse_virtual_mac(interface.link.mac)) {
        names.push_back(interface.link.name);
      }
    }
    return names;
  });
}

std::set<std::pair<std::string, base::IpAddress>> Protocol::holders_of(
    const std::set<base::IpAddress>& addresses) const {
  return event::call(loop_, [&] { return io::holders_of(runtime_.interfaces(), addresses); });
}

std::map<config::RouterKey, std::string> Protocol::device_names(std::span<const config::RouterKey> routers) const {
  std::map<config::RouterKey, std::string> names;
  in_pieces(routers, kRoutersPerTurn, [&](std::span<const config::RouterKey> piece) {
    event::call(loop_, [&] {
      for (const config::RouterKey& key : piece) {
        if (std::string name = runtime_.device_name(key); !name.empty()) {
          names.emplace(key, std::move(name));
        }
      }
    });
  });
  return names;
}

std::set<config::RouterKey> Protocol::refused_of(std::span<const config::RouterKey> routers) const {
  std::set<config::RouterKey> refused;
  in_pieces(routers, kRoutersPerTurn, [&](std::span<const config::RouterKey> piece) {
    event::call(loop_, [&] {
      std::copy_if(piece.begin(), piece.end(), std::inserter(refused, refused.end()),
                   [this](const config::RouterKey& key) { return runtime_.is_refused(key); });
    });
  });
  return refused;
}

void Protocol::start_recording(std::function<bool(std::string text)> take, std::span<const config::RouterKey> routers) {
  event::call(loop_, [&] { runtime_.start_recording(std::move(take)); });
  in_pieces(routers, kRoutersPerTurn, [this](std::span<const config::RouterKey> piece) {
    event::call(loop_, [&] { runtime_.include_in_recording(piece); });
  });
}

void Protocol::stop_recording() {
  event::call(loop_, [this] { runtime_.stop_recording(); });
}

void Protocol::set_debug(std::set<config::DebugTopic> topics) {
  event::call(loop_, [&] { runtime_.set_debug(std::move(topics)); });
}

}  // namespace tandem::vrrpd::daemon

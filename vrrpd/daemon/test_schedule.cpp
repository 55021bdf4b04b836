// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/test_schedule.h"

#include <fmt/format.h>

#include <algorithm>

namespace tandem::vrrpd::daemon {

void Rota::set(core::RouterId id, base::TimePoint due) {
  remove(id);
  due_.emplace(id, due);
  schedule_.emplace(due, id);
}

void Rota::remove(core::RouterId id) {
  if (const auto known = due_.find(id); known != due_.end()) {
    schedule_.erase({known->second, id});
    due_.erase(known);
  }
}

std::optional<base::TimePoint> Rota::deadline() const {
  return schedule_.empty() ? std::nullopt : std::optional(schedule_.begin()->first);
}

std::optional<core::RouterId> Rota::first_due(base::TimePoint now) const {
  return schedule_.empty() || schedule_.begin()->first > now ? std::nullopt : std::optional(schedule_.begin()->second);
}

// ---- the kernel

void OwnTest::begin(core::RouterId id, base::TimePoint now) {
  if (routers_.try_emplace(id).second) {
    rota_.set(id, now + kFirstTest);
  }
}

void OwnTest::end(core::RouterId id) {
  routers_.erase(id);
  rota_.remove(id);
}

std::vector<base::IpAddress> OwnTest::take(core::RouterId id, std::span<const base::IpAddress> addresses,
                                           std::size_t most, base::TimePoint now) {
  Router& router = routers_.at(id);
  const std::size_t first = std::min(router.next, addresses.size());
  const auto some = addresses.subspan(first, std::min(most, addresses.size() - first));
  router.asked.insert(some.begin(), some.end());
  router.next = first + some.size();
  if (router.next == addresses.size()) {
    router.next = 0;
    rota_.set(id, now + kTestPause);
  }
  return {some.begin(), some.end()};
}

void OwnTest::note(core::RouterId id, const base::IpAddress& address, int misses) {
  if (const auto known = routers_.find(id); known != routers_.end()) {
    known->second.misses[address] = misses;
  }
}

void OwnTest::missed(core::RouterId id, const base::IpAddress& address) {
  if (const auto known = routers_.find(id); known != routers_.end()) {
    note(id, address, std::min(known->second.misses[address] + 1, kMisses));
  }
}

TestChange OwnTest::judge(core::RouterId id, base::TimePoint now) {
  const auto known = routers_.find(id);
  if (known == routers_.end() || known->second.next != 0) {
    return TestChange::none;
  }
  Router& router = known->second;
  std::erase_if(router.misses, [&](const auto& row) { return row.second == 0 || !router.asked.contains(row.first); });
  router.asked.clear();
  if (!router.misses.empty()) {
    rota_.set(id, now + kTestAgain);
  }
  const bool warned = !unanswered(id).empty();
  if (std::exchange(router.warned, warned) == warned) {
    return TestChange::none;
  }
  return warned ? TestChange::begun : TestChange::over;
}

std::vector<base::IpAddress> OwnTest::unanswered(core::RouterId id) const {
  std::vector<base::IpAddress> addresses;
  if (const auto known = routers_.find(id); known != routers_.end()) {
    for (const auto& [address, misses] : known->second.misses) {
      if (misses == kMisses) {
        addresses.push_back(address);
      }
    }
  }
  return addresses;
}

// ---- the wire

void WireTest::begin(core::RouterId id, base::TimePoint now) {
  if (routers_.try_emplace(id).second) {
    rota_.set(id, now + kFirstTest);
  }
}

void WireTest::end(core::RouterId id) {
  routers_.erase(id);
  rota_.remove(id);
}

std::optional<base::IpAddress> WireTest::take(core::RouterId id, std::span<const base::IpAddress> addresses,
                                              base::TimePoint now) {
  Router& router = routers_.at(id);
  rota_.set(id, now + kWirePause);
  if (addresses.empty()) {
    return std::nullopt;
  }
  if (router.suspect && std::ranges::find(addresses, router.suspect->address) != addresses.end()) {
    return router.suspect->address;
  }
  router.next %= addresses.size();
  return addresses[router.next++];
}

TestChange WireTest::judge(core::RouterId id, const base::IpAddress& address,
                           const std::optional<base::MacAddress>& station, base::TimePoint now) {
  const auto known = routers_.find(id);
  if (known == routers_.end()) {
    return TestChange::none;
  }
  Router& router = known->second;
  if (station) {
    router.silences = 0;
    router.answers = router.suspect && router.suspect->address == address ? router.answers + 1 : 1;
    router.suspect = {address, *station};
    if (router.warned || router.answers < kWireAnswers) {
      rota_.set(id, now + (router.warned ? base::Duration(kWirePause) : base::Duration(kWireAgain)));
      return TestChange::none;
    }
    router.warned = true;
    return TestChange::begun;
  }
  if (router.warned && ++router.silences < kWireAnswers) {
    rota_.set(id, now + kWireAgain);
    return TestChange::none;
  }
  const bool warned = router.warned;
  router = {.next = router.next};
  return warned ? TestChange::over : TestChange::none;
}

std::optional<WireTest::Station> WireTest::station(core::RouterId id) const {
  const auto known = routers_.find(id);
  return known != routers_.end() && known->second.warned ? known->second.suspect : std::nullopt;
}

std::string some_of(std::span<const base::IpAddress> addresses) {
  return addresses.size() == 1 ? addresses.front().to_string()
                               : fmt::format("{} and {} more", addresses.front().to_string(), addresses.size() - 1);
}

}  // namespace tandem::vrrpd::daemon

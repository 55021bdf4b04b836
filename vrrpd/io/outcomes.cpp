// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/outcomes.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "vrrpd/io/messages.h"

namespace tandem::vrrpd::io {
namespace {

std::vector<std::string> missing_addresses(const DesiredDevice& desired, const Interface* macvlan) {
  std::vector<std::string> missing;
  for (const base::IpPrefix& wanted : desired.addresses) {
    if (macvlan == nullptr || !macvlan->link.admin_up ||
        std::none_of(macvlan->addresses.begin(), macvlan->addresses.end(),
                     [&](const auto& address) { return address.prefix == wanted; })) {
      missing.push_back(wanted.address.to_string());
    }
  }
  return missing;
}

// Adds to a refusal which addresses are missing.
void complete(Outcome& outcome, const DesiredState::Entry& entry, const Interface* macvlan) {
  constexpr std::size_t kNamed = 4;
  if (!entry.desired.claimed) {
    outcome.serves_none = entry.serves_none;
    return;
  }
  std::vector<std::string> missing = missing_addresses(entry.desired, macvlan);
  outcome.serves_none = missing.size() == entry.desired.addresses.size();
  if (missing.size() > 1 && !outcome.serves_none) {
    const std::size_t more = missing.size() - std::min(missing.size(), kNamed);
    missing.resize(missing.size() - more);
    outcome.reason += fmt::format("; missing are {}{}", fmt::join(missing, ", "),
                                  more == 0 ? std::string() : fmt::format(" and {} more", more));
  }
}

}  // namespace

void Outcomes::settle(core::RouterId id, Outcome outcome) {
  DesiredState::Entry& entry = dependencies_.desired.at(id);
  dependencies_.unused.note(entry.desired);
  if (outcome.state == Outcome::State::refused) {
    complete(outcome, entry, dependencies_.desired.device(entry.desired));
    defer(id, entry, outcome.reason);
  } else if (outcome.state == Outcome::State::in_place) {
    entry.logged.clear();
  }
  if (entry.outcome != outcome) {  // it is the same when a lease was renewed
    entry.outcome = std::move(outcome);
    dependencies_.changes.routers.insert(id);
  }
}

void Outcomes::defer(core::RouterId id, DesiredState::Entry& entry, const std::string& reason) {
  dependencies_.scheduler.defer_refused(router_item(id));
  if (entry.logged != reason) {
    dependencies_.logger.write<kRefused>(entry.desired.vrid.value(), entry.desired.interface,
                                         base::to_string(entry.desired.family), reason);
    entry.logged = reason;
  }
}

}  // namespace tandem::vrrpd::io

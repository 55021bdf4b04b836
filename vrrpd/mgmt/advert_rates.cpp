// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/advert_rates.h"

namespace tandem::vrrpd::mgmt {
namespace {

// A call within this time after the last one, as after a key press, repeats the last rate.
constexpr base::Duration kShortestLook = std::chrono::milliseconds(200);

}  // namespace

std::optional<double> AdvertRates::look(const GroupView& group, const RouterView& router, base::TimePoint now) {
  const Sample next{now, router.statistics.advertisements_sent, router.statistics.advertisements_received,
                    std::nullopt};
  const auto [found, added] = samples_.try_emplace({group.interface, group.config.vrid, router.family}, next);
  Sample& last = found->second;
  if (!added && now - last.when < kShortestLook) {
    return last.rate;
  }
  const bool sends = router.state == core::State::master;
  const std::uint64_t before = sends ? last.sent : last.received;
  const std::uint64_t after = sends ? next.sent : next.received;
  const double seconds = std::chrono::duration<double>(now - last.when).count();
  const bool known = !added && after >= before;
  last = next;
  last.rate = known ? std::optional(static_cast<double>(after - before) / seconds) : std::nullopt;
  return last.rate;
}

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
// The screen of `monitor vrrp`: one line for each virtual router.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lib/mgmt/table.h"
#include "vrrpd/mgmt/show.h"
#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using tandem::mgmt::Align;
using tandem::mgmt::Column;
using tandem::mgmt::kTerminalWidth;
using tandem::mgmt::print_table;

std::string master_of(const RouterView& router) {
  const std::optional<base::IpAddress> address = master_address(router);
  return address ? address->to_string() : "-";
}

std::string rate_text(std::optional<double> rate) { return rate ? fmt::format("{:.1f}", *rate) : "-"; }

std::string since_text(const RouterView& router, base::WallTime now) {
  return router.since ? short_duration(now - *router.since) : "-";
}

std::string last_event(const RouterView& router) {
  return router.last_transition ? std::string(short_reason_of(router.last_transition->transition))
                                : std::string(short_reason_of(router.initialize_reason));
}

}  // namespace

std::string monitor_screen(std::span<const GroupView> groups, AdvertRates& rates, const Now& now, std::size_t width) {
  const std::vector<Column> columns{{"Interface"}, {"VRID", Align::right},  {"IP"},     {"State"},
                                    {"Since"},     {"Adv/s", Align::right}, {"Master"}, {"Last event"}};
  std::vector<std::vector<std::string>> rows;
  std::array<std::size_t, 3> count{};
  for (const GroupView& group : groups) {
    for (const RouterView* router : {&group.v4, &group.v6}) {
      if (!router->exists) {
        continue;
      }
      ++count.at(static_cast<std::size_t>(router->state));
      rows.push_back({group.interface, std::to_string(group.config.vrid.value()),
                      router->family == core::Family::ipv4 ? "v4" : "v6", std::string(core::to_string(router->state)),
                      since_text(*router, now.wall), rate_text(rates.look(group, *router, now.monotonic)),
                      master_of(*router), last_event(*router)});
    }
  }
  return fmt::format("{}Z  Virtual routers: {} Master, {} Backup, {} Initialize\n\n", rfc3339(now.wall).substr(0, 19),
                     count[2], count[1], count[0]) +
         print_table(columns, rows, std::max(width, kTerminalWidth));
}

}  // namespace tandem::vrrpd::mgmt

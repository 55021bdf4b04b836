// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/fields.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using core::Family;
using enum RouterField::Place;
using G = const GroupView&;
using R = const RouterView&;

Value addresses(G, R r) {
  std::vector<std::string> texts;
  for (const base::IpAddress& address : r.addresses) {
    texts.push_back(address.to_string());
  }
  return texts;
}

Value warnings(G, R r) { return r.warnings; }

Value last_transition_reason(G g, R r) {
  return r.last_transition ? reason_of(r.last_transition->transition, g.interface) : std::string();
}

Value last_transition(G, R r) {
  return Moment{r.last_transition ? std::optional(r.last_transition->when) : std::nullopt};
}

Value initialize_reason(G g, R r) {
  return r.state == core::State::initialize ? reason_of_initialize(g, r) : std::string();
}

Value preempt_delay(G g) {
  return static_cast<unsigned>(std::chrono::floor<std::chrono::seconds>(g.config.preempt_delay).count());
}

// ---- the table, in the order of the text: first FRR's rows, then ours

using Field = std::variant<GroupField, RouterField>;
constexpr auto kNormal = Level::normal;
constexpr auto kDetail = Level::detail;

Value counter(std::uint64_t value) { return Counter{value}; }

const std::array kFields = std::to_array<Field>({
    GroupField{.label = "Virtual Router ID",
               .json_key = "vrid",
               .model = "vrid",
               .get = [](G g) -> Value { return g.config.vrid.value() + 0U; }},
    GroupField{.label = "Protocol Version",
               .json_key = "version",
               .model = "version",
               .get = [](G g) -> Value { return static_cast<unsigned>(g.config.version); }},
    GroupField{.label = "Autoconfigured",
               .json_key = "autoconfigured",
               .model = "autoconfigured",
               .get = [](G g) -> Value { return g.config.autoconfigured; }},
    GroupField{.label = "Shutdown",
               .json_key = "shutdown",
               .model = "shutdown",
               .get = [](G g) -> Value { return g.config.shutdown; }},
    GroupField{.label = "Interface",
               .json_key = "interface",
               .model = "name",
               .get = [](G g) -> Value { return g.interface; },
               .form = Form::other},
    RouterField{.label = "VRRP interface",
                .model = "interface",
                .get = [](G, R r) -> Value { return r.device.empty() ? std::string("None") : r.device; },
                .form = Form::other},
    RouterField{.json_key = "interface", .model = "interface", .get = [](G, R r) -> Value { return r.device; }},
    RouterField{.label = "Primary IP",
                .json_key = "primaryAddress",
                .model = "primary-address",
                .get = [](G, R r) -> Value { return Address{r.primary, r.family == Family::ipv4 ? "" : "::"}; }},
    RouterField{.label = "Virtual MAC",
                .json_key = "vmac",
                .model = "virtual-mac-address",
                .get = [](G, R r) -> Value { return r.virtual_mac.to_string(); }},
    RouterField{.label = "Status",
                .json_key = "status",
                .model = "status",
                .get = [](G, R r) -> Value { return name_of(r.state); }},
    GroupField{.label = "Priority",
               .json_key = "priority",
               .model = "priority",
               .get = [](G g) -> Value { return g.config.priority + 0U; }},
    RouterField{.label = "Effective Priority",
                .json_key = "effectivePriority",
                .model = "effective-priority",
                .get = [](G, R r) -> Value { return r.effective_priority + 0U; }},
    GroupField{.label = "Preempt Mode",
               .json_key = "preemptMode",
               .model = "preempt",
               .get = [](G g) -> Value { return g.config.preempt; }},
    GroupField{.label = "Accept Mode",
               .json_key = "acceptMode",
               .model = "accept-mode",
               .get = [](G g) -> Value { return g.config.accept_mode; }},
    GroupField{.label = "Checksum with IPv4 Pseudoheader",
               .json_key = "checksumWithIpv4Pseudoheader",
               .model = "checksum-with-ipv4-pseudoheader",
               .get = [](G g) -> Value { return g.v4.checksum_with_pseudoheader; }},
    GroupField{.label = "Advertisement Interval",
               .json_key = "advertisementInterval",
               .model = "advertisement-interval",
               .get = [](G g) -> Value { return Interval{g.config.advertisement_interval}; }},
    RouterField{.label = "Master Advertisement Interval",
                .json_key = "masterAdverInterval",
                .model = "master-advertisement-interval",
                .get = [](G, R r) -> Value { return Timer{r.master_advertisement_interval}; }},
    RouterField{.label = "Advertisements Tx",
                .json_key = "adverTx",
                .model = "advertisements-sent",
                .get = [](G, R r) { return counter(r.statistics.advertisements_sent); },
                .place = statistics},
    RouterField{.label = "Advertisements Rx",
                .json_key = "adverRx",
                .model = "advertisements-received",
                .get = [](G, R r) { return counter(r.statistics.advertisements_received); },
                .place = statistics},
    RouterField{.label = "Gratuitous ARP Tx",
                .json_key = "garpTx",
                .model = "announcements-sent",
                .get = [](G, R r) { return counter(r.statistics.announcements_sent); },
                .place = statistics,
                .only = Family::ipv4,
                .form = Form::other},
    RouterField{.label = "Neigh. Adverts Tx",
                .json_key = "neighborAdverTx",
                .model = "announcements-sent",
                .get = [](G, R r) { return counter(r.statistics.announcements_sent); },
                .place = statistics,
                .only = Family::ipv6,
                .form = Form::other},
    RouterField{.label = "Priority 0 Tx",
                .json_key = "priorityZeroTx",
                .model = "priority-zero-sent",
                .get = [](G, R r) { return counter(r.statistics.priority_zero_sent); },
                .place = statistics,
                .text_level = kDetail,
                .json_level = kDetail},
    RouterField{.label = "Priority 0 Rx",
                .json_key = "priorityZeroRx",
                .model = "priority-zero-received",
                .get = [](G, R r) { return counter(r.statistics.priority_zero_received); },
                .place = statistics,
                .text_level = kDetail,
                .json_level = kDetail},
    RouterField{.label = "State transitions",
                .json_key = "transitions",
                .model = "transitions",
                .get = [](G, R r) { return counter(r.statistics.transitions); },
                .place = statistics},
    RouterField{.label = "Gratuitous ARP or neighbor adverts Tx",
                .model = "announcements-sent",
                .get = [](G, R r) { return counter(r.statistics.announcements_sent); },
                .place = statistics,
                .text_level = kDetail},
    RouterField{.label = "Checksum without pseudo-header Rx",
                .json_key = "messageOnlyRx",
                .model = "message-only-received",
                .get = [](G, R r) { return counter(r.statistics.message_only_received); },
                .place = statistics,
                .text_level = kDetail,
                .json_level = kDetail},
    RouterField{.label = "Used, but another interval",
                .json_key = "intervalMismatches",
                .model = "interval-mismatches",
                .get = [](G, R r) { return counter(r.statistics.interval_mismatches); },
                .place = statistics,
                .text_level = kDetail,
                .json_level = kDetail},
    RouterField{.label = "Used, but another address list",
                .json_key = "addressListMismatches",
                .model = "address-list-mismatches",
                .get = [](G, R r) { return counter(r.statistics.address_list_mismatches); },
                .place = statistics,
                .text_level = kDetail,
                .json_level = kDetail},
    RouterField{.label = "Used, but a second owner",
                .json_key = "ownerConflicts",
                .model = "owner-conflicts",
                .get = [](G, R r) { return counter(r.statistics.owner_conflicts); },
                .place = statistics,
                .text_level = kDetail,
                .json_level = kDetail},
    RouterField{.label = "Skew Time",
                .json_key = "skewTime",
                .model = "skew-time",
                .get = [](G, R r) -> Value { return Timer{r.skew_time}; }},
    RouterField{.label = "Master Down Interval",
                .json_key = "masterDownInterval",
                .model = "master-down-interval",
                .get = [](G, R r) -> Value { return Timer{r.master_down_interval}; }},
    RouterField{.json_key = "addresses", .model = "virtual-address", .get = addresses},

    // Not in FRR.
    GroupField{.json_key = "description",
               .model = "description",
               .get = [](G g) -> Value { return g.config.description; },
               .json_level = kDetail},
    GroupField{.label = "Also Version 2",
               .json_key = "alsoVersion2",
               .model = "also-version-2",
               .get = [](G g) -> Value { return g.config.also_version_2; },
               .text_level = kDetail,
               .json_level = kDetail},
    GroupField{.label = "Preempt Delay (s)",
               .json_key = "preemptDelay",
               .model = "preempt-delay",
               .get = preempt_delay,
               .text_level = kDetail,
               .json_level = kDetail},
    RouterField{.label = "Startup Delay Left (s)",
                .json_key = "startupDelayRemaining",
                .model = "startup-delay-remaining",
                .get = [](G, R r) -> Value { return OptionalNumber{startup_delay_seconds(r)}; },
                .text_level = kDetail},
    RouterField{.label = "Master Address",
                .json_key = "masterAddress",
                .model = "master-address",
                .get = [](G, R r) -> Value { return Address{master_address(r), ""}; },
                .text_level = kDetail},
    RouterField{.label = "Master Priority",
                .json_key = "masterPriority",
                .model = "master-priority",
                .get = [](G, R r) -> Value { return OptionalNumber{master_priority(r)}; },
                .text_level = kDetail},
    RouterField{.label = "Skew Time (us)",
                .json_key = "skewTimeMicroseconds",
                .model = "skew-time",
                .get = [](G, R r) -> Value { return ExactTimer{r.skew_time}; },
                .text_level = kDetail,
                .form = Form::other},
    RouterField{.label = "Master Down Interval (us)",
                .json_key = "masterDownMicroseconds",
                .model = "master-down-interval",
                .get = [](G, R r) -> Value { return ExactTimer{r.master_down_interval}; },
                .text_level = kDetail,
                .form = Form::other},
    RouterField{.label = "Last Transition",
                .json_key = "lastTransition",
                .model = "last-transition",
                .get = last_transition,
                .text_level = kDetail},
    RouterField{.json_key = "lastTransitionReason", .model = "last-transition-reason", .get = last_transition_reason},
    RouterField{.json_key = "initializeReason", .model = "initialize-reason", .get = initialize_reason},
    RouterField{.json_key = "warnings", .model = "warning", .get = warnings},
    RouterField{.json_key = "since",
                .model = "since",
                .get = [](G, R r) -> Value { return Moment{r.since}; },
                .json_level = kDetail},
    RouterField{.json_key = "reason",
                .model = "reason",
                .get = [](G g, R r) -> Value { return reason_of_state(g, r); },
                .json_level = kDetail},
});

// ---- the orders of JSON: FRR's keys, then ours. A key that is missing here comes after the others, in the order of
// the table. Counters come together, as "stats".

constexpr auto kJsonGroupOrder =
    std::to_array<std::string_view>({"vrid", "version", "autoconfigured", "shutdown", "preemptMode", "acceptMode",
                                     "checksumWithIpv4Pseudoheader", "interface", "advertisementInterval", "priority"});
constexpr auto kJsonRouterOrder = std::to_array<std::string_view>({"interface",
                                                                   "vmac",
                                                                   "primaryAddress",
                                                                   "status",
                                                                   "effectivePriority",
                                                                   "masterAdverInterval",
                                                                   "skewTime",
                                                                   "masterDownInterval",
                                                                   "stats",
                                                                   "addresses",
                                                                   "masterAddress",
                                                                   "masterPriority",
                                                                   "lastTransition",
                                                                   "lastTransitionReason",
                                                                   "initializeReason",
                                                                   "warnings",
                                                                   "skewTimeMicroseconds",
                                                                   "masterDownMicroseconds",
                                                                   "startupDelayRemaining",
                                                                   "since",
                                                                   "reason"});
constexpr auto kJsonStatisticsOrder =
    std::to_array<std::string_view>({"adverTx", "adverRx", "garpTx", "neighborAdverTx", "transitions"});

std::size_t place_in(std::span<const std::string_view> order, std::string_view key) {
  return static_cast<std::size_t>(std::ranges::find(order, key) - order.begin());
}

std::pair<std::size_t, std::size_t> json_place(const RouterField* field) {
  return field->place == statistics
             ? std::pair(place_in(kJsonRouterOrder, "stats"), place_in(kJsonStatisticsOrder, field->json_key))
             : std::pair(place_in(kJsonRouterOrder, field->json_key), std::size_t{0});
}

// ---- the rows for each form of output

template <class Kind, class Predicate>
std::vector<const Kind*> rows_of_kind(const Predicate& wanted) {
  std::vector<const Kind*> rows;
  for (const Field& field : kFields) {
    if (const Kind* const row = std::get_if<Kind>(&field); row != nullptr && wanted(*row)) {
      rows.push_back(row);
    }
  }
  return rows;
}

std::vector<TextRow> text_rows_of(Level level) {
  std::vector<TextRow> rows;
  for (const Field& field : kFields) {
    if (const auto* const group = std::get_if<GroupField>(&field)) {
      if (group->label != nullptr && group->text_level == level) {
        rows.emplace_back(group);
      }
      continue;
    }
    const auto& router = std::get<RouterField>(field);
    const bool only_counted = level == kDetail && router.place == statistics;
    if (router.label != nullptr && router.text_level == level && !only_counted) {
      rows.emplace_back(&router);
    }
  }
  return rows;
}

}  // namespace

std::span<const TextRow> text_rows() {
  static const std::vector<TextRow> rows = text_rows_of(kNormal);
  return rows;
}

std::span<const TextRow> detail_text_rows() {
  static const std::vector<TextRow> rows = text_rows_of(kDetail);
  return rows;
}

std::span<const RouterField* const> counter_fields() {
  static const auto rows = rows_of_kind<RouterField>(
      [](const RouterField& row) { return row.label != nullptr && row.place == statistics && !row.only; });
  return rows;
}

std::span<const GroupField* const> json_group_fields() {
  static const auto rows = [] {
    auto all = rows_of_kind<GroupField>([](const GroupField& row) { return row.json_key != nullptr; });
    std::ranges::stable_sort(all, {}, [](const GroupField* row) { return place_in(kJsonGroupOrder, row->json_key); });
    return all;
  }();
  return rows;
}

std::span<const RouterField* const> json_router_fields() {
  static const auto rows = [] {
    auto all = rows_of_kind<RouterField>([](const RouterField& row) { return row.json_key != nullptr; });
    std::ranges::stable_sort(all, {}, json_place);
    return all;
  }();
  return rows;
}

std::span<const GroupField* const> model_group_fields() {
  static const auto rows = rows_of_kind<GroupField>([](const GroupField& row) { return row.form == Form::only; });
  return rows;
}

std::span<const RouterField* const> model_router_fields() {
  static const auto rows = rows_of_kind<RouterField>([](const RouterField& row) { return row.form == Form::only; });
  return rows;
}

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/fields.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

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

// ---- the group

constexpr GroupField kVrid{"Virtual Router ID", "vrid", "vrid",
                           [](G g) -> Value { return g.config.vrid.value() + 0U; }};
constexpr GroupField kVersion{"Protocol Version", "version", "version",
                              [](G g) -> Value { return static_cast<unsigned>(g.config.version); }};
constexpr GroupField kAlsoVersion2{"Also Version 2", "alsoVersion2", "also-version-2",
                                   [](G g) -> Value { return g.config.also_version_2; }, Level::detail};
constexpr GroupField kAutoconfigured{"Autoconfigured", "autoconfigured", "autoconfigured",
                                     [](G g) -> Value { return g.config.autoconfigured; }};
constexpr GroupField kShutdown{"Shutdown", "shutdown", "shutdown", [](G g) -> Value { return g.config.shutdown; }};
constexpr GroupField kInterface{"Interface", "interface", "name", [](G g) -> Value { return g.interface; }};
constexpr GroupField kPriority{"Priority", "priority", "priority", [](G g) -> Value { return g.config.priority + 0U; }};
constexpr GroupField kPreempt{"Preempt Mode", "preemptMode", "preempt", [](G g) -> Value { return g.config.preempt; }};
constexpr GroupField kAccept{"Accept Mode", "acceptMode", "accept-mode",
                             [](G g) -> Value { return g.config.accept_mode; }};
constexpr GroupField kChecksum{"Checksum with IPv4 Pseudoheader", "checksumWithIpv4Pseudoheader",
                               "checksum-with-ipv4-pseudoheader",
                               [](G g) -> Value { return g.v4.checksum_with_pseudoheader; }};
constexpr GroupField kInterval{"Advertisement Interval", "advertisementInterval", "advertisement-interval",
                               [](G g) -> Value { return Interval{g.config.advertisement_interval}; }};
constexpr GroupField kDescription{"Description", "description", "description",
                                  [](G g) -> Value { return g.config.description; }, Level::detail};
constexpr GroupField kPreemptDelay{
    "Preempt Delay (s)", "preemptDelay", "preempt-delay",
    [](G g) -> Value {
      return static_cast<unsigned>(std::chrono::floor<std::chrono::seconds>(g.config.preempt_delay).count());
    },
    Level::detail};

// ---- the virtual router of a family

constexpr RouterField kDeviceText{"VRRP interface", nullptr, "interface",
                                  [](G, R r) -> Value { return r.device.empty() ? std::string("None") : r.device; }};
constexpr RouterField kDevice{nullptr, "interface", "interface", [](G, R r) -> Value { return r.device; }};
constexpr RouterField kPrimary{"Primary IP", "primaryAddress", "primary-address", [](G, R r) -> Value {
                                 return Address{r.primary, r.family == Family::ipv4 ? "" : "::"};
                               }};
constexpr RouterField kVmac{"Virtual MAC", "vmac", "virtual-mac-address",
                            [](G, R r) -> Value { return r.virtual_mac.to_string(); }};
constexpr RouterField kStatus{"Status", "status", "status", [](G, R r) -> Value { return r.state; }};
constexpr RouterField kEffectivePriority{"Effective Priority", "effectivePriority", "effective-priority",
                                         [](G, R r) -> Value { return r.effective_priority + 0U; }};
constexpr RouterField kMasterInterval{"Master Advertisement Interval", "masterAdverInterval",
                                      "master-advertisement-interval",
                                      [](G, R r) -> Value { return Timer{r.master_advertisement_interval}; }};
constexpr RouterField kSkew{"Skew Time", "skewTime", "skew-time", [](G, R r) -> Value { return Timer{r.skew_time}; }};
constexpr RouterField kDown{"Master Down Interval", "masterDownInterval", "master-down-interval",
                            [](G, R r) -> Value { return Timer{r.master_down_interval}; }};
constexpr RouterField kAddresses{nullptr, "addresses", "virtual-address", addresses};

// Added by Tandem (cli.md §3).
constexpr RouterField kMasterAddress{"Master Address", "masterAddress", "master-address",
                                     [](G, R r) -> Value { return Address{master_address(r), ""}; }};
constexpr RouterField kMasterPriority{"Master Priority", "masterPriority", "master-priority",
                                      [](G, R r) -> Value { return OptionalNumber{master_priority(r)}; }};
constexpr RouterField kLastTransition{"Last Transition", "lastTransition", "last-transition", last_transition};
constexpr RouterField kLastReason{nullptr, "lastTransitionReason", "last-transition-reason", last_transition_reason};
constexpr RouterField kInitializeReason{nullptr, "initializeReason", "initialize-reason", initialize_reason};
constexpr RouterField kWarnings{nullptr, "warnings", "warning", warnings};
constexpr RouterField kSkewExact{"Skew Time (us)", "skewTimeMicroseconds", "skew-time",
                                 [](G, R r) -> Value { return ExactTimer{r.skew_time}; }};
constexpr RouterField kDownExact{"Master Down Interval (us)", "masterDownMicroseconds", "master-down-interval",
                                 [](G, R r) -> Value { return ExactTimer{r.master_down_interval}; }};
constexpr RouterField kStartupDelay{"Startup Delay Left (s)", "startupDelayRemaining", "startup-delay-remaining",
                                    [](G, R r) -> Value { return OptionalNumber{startup_delay_seconds(r)}; }};
constexpr RouterField kSince{nullptr, "since",      "since",      [](G, R r) -> Value { return Moment{r.since}; },
                             family,  std::nullopt, Level::detail};
constexpr RouterField kReason{
    nullptr, "reason",     "reason",     [](G g, R r) -> Value { return reason_of_state(g, r); },
    family,  std::nullopt, Level::detail};

// ---- its counters

constexpr RouterField kTx{"Advertisements Tx", "adverTx", "advertisements-sent",
                          [](G, R r) -> Value { return Counter{r.statistics.advertisements_sent}; }, statistics};
constexpr RouterField kRx{"Advertisements Rx", "adverRx", "advertisements-received",
                          [](G, R r) -> Value { return Counter{r.statistics.advertisements_received}; }, statistics};
constexpr RouterField kGarpTx{
    "Gratuitous ARP Tx",  "garpTx",
    "announcements-sent", [](G, R r) -> Value { return Counter{r.statistics.announcements_sent}; },
    statistics,           Family::ipv4};
constexpr RouterField kNeighbourTx{
    "Neigh. Adverts Tx",  "neighborAdverTx",
    "announcements-sent", [](G, R r) -> Value { return Counter{r.statistics.announcements_sent}; },
    statistics,           Family::ipv6};
constexpr RouterField kTransitions{"State transitions", "transitions", "transitions",
                                   [](G, R r) -> Value { return Counter{r.statistics.transitions}; }, statistics};
constexpr RouterField kAnnouncements{"Gratuitous ARP or neighbor adverts Tx", nullptr, "announcements-sent",
                                     [](G, R r) -> Value { return Counter{r.statistics.announcements_sent}; },
                                     statistics};
constexpr RouterField kPriorityZeroTx{
    "Priority 0 Tx",      "priorityZeroTx",
    "priority-zero-sent", [](G, R r) -> Value { return Counter{r.statistics.priority_zero_sent}; },
    statistics,           std::nullopt,
    Level::detail};
constexpr RouterField kPriorityZeroRx{"Priority 0 Rx",
                                      "priorityZeroRx",
                                      "priority-zero-received",
                                      [](G, R r) -> Value { return Counter{r.statistics.priority_zero_received}; },
                                      statistics,
                                      std::nullopt,
                                      Level::detail};
constexpr RouterField kMessageOnlyRx{"Checksum without pseudo-header Rx",
                                     "messageOnlyRx",
                                     "message-only-received",
                                     [](G, R r) -> Value { return Counter{r.statistics.message_only_received}; },
                                     statistics,
                                     std::nullopt,
                                     Level::detail};
constexpr RouterField kIntervalMismatches{"Used, but another interval",
                                          "intervalMismatches",
                                          "interval-mismatches",
                                          [](G, R r) -> Value { return Counter{r.statistics.interval_mismatches}; },
                                          statistics,
                                          std::nullopt,
                                          Level::detail};
constexpr RouterField kListMismatches{"Used, but another address list",
                                      "addressListMismatches",
                                      "address-list-mismatches",
                                      [](G, R r) -> Value { return Counter{r.statistics.address_list_mismatches}; },
                                      statistics,
                                      std::nullopt,
                                      Level::detail};
constexpr RouterField kOwnerConflicts{"Used, but a second owner",
                                      "ownerConflicts",
                                      "owner-conflicts",
                                      [](G, R r) -> Value { return Counter{r.statistics.owner_conflicts}; },
                                      statistics,
                                      std::nullopt,
                                      Level::detail};

// ---- the orders

constexpr std::array<TextRow, 23> kTextRows{&kVrid,
                                            &kVersion,
                                            &kAutoconfigured,
                                            &kShutdown,
                                            &kInterface,
                                            &kDeviceText,
                                            &kPrimary,
                                            &kVmac,
                                            &kStatus,
                                            &kPriority,
                                            &kEffectivePriority,
                                            &kPreempt,
                                            &kAccept,
                                            &kChecksum,
                                            &kInterval,
                                            &kMasterInterval,
                                            &kTx,
                                            &kRx,
                                            &kGarpTx,
                                            &kNeighbourTx,
                                            &kTransitions,
                                            &kSkew,
                                            &kDown};

constexpr std::array<TextRow, 8> kDetailTextRows{&kAlsoVersion2,   &kPreemptDelay, &kStartupDelay, &kMasterAddress,
                                                 &kMasterPriority, &kSkewExact,    &kDownExact,    &kLastTransition};

constexpr std::array kCounters{&kTx,
                               &kRx,
                               &kPriorityZeroTx,
                               &kPriorityZeroRx,
                               &kTransitions,
                               &kAnnouncements,
                               &kMessageOnlyRx,
                               &kIntervalMismatches,
                               &kListMismatches,
                               &kOwnerConflicts};

constexpr std::array kJsonGroup{&kVrid,        &kVersion,      &kAutoconfigured, &kShutdown, &kPreempt,
                                &kAccept,      &kChecksum,     &kInterface,      &kInterval, &kPriority,
                                &kDescription, &kAlsoVersion2, &kPreemptDelay};

constexpr std::array kJsonRouter{&kDevice,
                                 &kVmac,
                                 &kPrimary,
                                 &kStatus,
                                 &kEffectivePriority,
                                 &kMasterInterval,
                                 &kSkew,
                                 &kDown,
                                 &kTx,
                                 &kRx,
                                 &kGarpTx,
                                 &kNeighbourTx,
                                 &kTransitions,
                                 &kPriorityZeroTx,
                                 &kPriorityZeroRx,
                                 &kMessageOnlyRx,
                                 &kIntervalMismatches,
                                 &kListMismatches,
                                 &kOwnerConflicts,
                                 &kAddresses,
                                 &kMasterAddress,
                                 &kMasterPriority,
                                 &kLastTransition,
                                 &kLastReason,
                                 &kInitializeReason,
                                 &kWarnings,
                                 &kSkewExact,
                                 &kDownExact,
                                 &kStartupDelay,
                                 &kSince,
                                 &kReason};

constexpr std::array kModelGroup{&kVersion, &kAlsoVersion2, &kDescription, &kPriority, &kPreempt,       &kPreemptDelay,
                                 &kAccept,  &kChecksum,     &kInterval,    &kShutdown, &kAutoconfigured};

constexpr std::array kModelRouter{&kDevice,
                                  &kVmac,
                                  &kPrimary,
                                  &kStatus,
                                  &kSince,
                                  &kReason,
                                  &kInitializeReason,
                                  &kWarnings,
                                  &kStartupDelay,
                                  &kEffectivePriority,
                                  &kMasterAddress,
                                  &kMasterPriority,
                                  &kMasterInterval,
                                  &kSkew,
                                  &kDown,
                                  &kLastTransition,
                                  &kLastReason,
                                  &kAddresses,
                                  &kTx,
                                  &kRx,
                                  &kPriorityZeroTx,
                                  &kPriorityZeroRx,
                                  &kTransitions,
                                  &kAnnouncements,
                                  &kMessageOnlyRx,
                                  &kIntervalMismatches,
                                  &kListMismatches,
                                  &kOwnerConflicts};

}  // namespace

std::span<const TextRow> text_rows() { return kTextRows; }
std::span<const TextRow> detail_text_rows() { return kDetailTextRows; }
std::span<const RouterField* const> counter_fields() { return kCounters; }
std::span<const GroupField* const> json_group_fields() { return kJsonGroup; }
std::span<const RouterField* const> json_router_fields() { return kJsonRouter; }
std::span<const GroupField* const> model_group_fields() { return kModelGroup; }
std::span<const RouterField* const> model_router_fields() { return kModelRouter; }

std::int64_t shown_milliseconds(base::Duration duration) {
  return std::chrono::floor<base::Centiseconds>(duration).count() * 10;
}

std::string to_text(const Value& value) {
  struct Visitor {
    std::string operator()(bool b) const { return b ? "Yes" : "No"; }
    std::string operator()(unsigned n) const { return std::to_string(n); }
    std::string operator()(Counter n) const { return std::to_string(n.value); }
    std::string operator()(Interval i) const { return fmt::format("{} ms", shown_milliseconds(i.value)); }
    std::string operator()(Timer t) const { return fmt::format("{} ms", shown_milliseconds(t.value)); }
    std::string operator()(ExactTimer t) const { return std::to_string(t.value.count()); }
    std::string operator()(const Address& a) const { return a.value ? a.value->to_string() : a.none; }
    std::string operator()(Moment m) const { return m.value ? rfc3339(*m.value) : std::string(); }
    std::string operator()(OptionalNumber n) const { return n.value == 0 ? std::string() : std::to_string(n.value); }
    std::string operator()(core::State state) const { return std::string(core::to_string(state)); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const std::vector<std::string>& texts) const {
      return fmt::format("{}", fmt::join(texts, ", "));
    }
  };
  return std::visit(Visitor{}, value);
}

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/mgmt/fields.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace tandem::vrrpd::mgmt {
namespace {

using core::Family;

Milliseconds whole_centiseconds(core::Duration duration) {
  return {std::chrono::floor<base::Centiseconds>(duration).count() * 10};
}

Value number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

std::string rfc3339(base::WallTime when) {
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(when);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (milliseconds - seconds).count());
}

Value primary_address(const GroupView&, const RouterView& r) {
  if (r.primary) {
    return r.primary->to_string();
  }
  return std::string(r.family == Family::ipv4 ? "" : "::");
}

Value addresses(const GroupView&, const RouterView& r) {
  std::vector<std::string> texts;
  for (const base::IpAddress& address : r.addresses) {
    texts.push_back(address.to_string());
  }
  return texts;
}

Value last_transition_reason(const GroupView& g, const RouterView& r) {
  if (!r.last_transition) {
    return std::string();
  }
  const core::Transition& t = r.last_transition->transition;
  return t.cause == core::Cause::initialize ? core::describe(t.initialize_reason, g.interface)
                                            : std::string(core::to_string(t.cause));
}

using G = const GroupView&;
using R = const RouterView&;

constexpr GroupField kVrid{"Virtual Router ID", "vrid", [](G g) { return number(g.config.vrid.value()); }};
constexpr GroupField kVersion{"Protocol Version", "version",
                              [](G g) { return number(static_cast<unsigned>(g.config.version)); }};
constexpr GroupField kAutoconfigured{"Autoconfigured", "autoconfigured", [](G) -> Value { return false; }};
constexpr GroupField kShutdown{"Shutdown", "shutdown", [](G g) -> Value { return g.config.shutdown; }};
constexpr GroupField kInterface{"Interface", "interface", [](G g) -> Value { return g.interface; }};
constexpr GroupField kPriority{"Priority", "priority", [](G g) { return number(g.config.priority); }};
constexpr GroupField kPreempt{"Preempt Mode", "preemptMode", [](G g) -> Value { return g.config.preempt; }};
constexpr GroupField kAccept{"Accept Mode", "acceptMode", [](G g) -> Value { return g.config.accept_mode; }};
constexpr GroupField kChecksum{"Checksum with IPv4 Pseudoheader", "checksumWithIpv4Pseudoheader",
                               [](G g) -> Value { return g.v4.checksum_with_pseudoheader; }};
constexpr GroupField kInterval{"Advertisement Interval", "advertisementInterval",
                               [](G g) -> Value { return whole_centiseconds(g.config.advertisement_interval); }};

constexpr RouterField kDeviceText{"VRRP interface", nullptr,
                                  [](G, R r) -> Value { return r.device.empty() ? std::string("None") : r.device; }};
constexpr RouterField kDevice{nullptr, "interface", [](G, R r) -> Value { return r.device; }};
constexpr RouterField kPrimary{"Primary IP", "primaryAddress", primary_address};
constexpr RouterField kVmac{"Virtual MAC", "vmac", [](G, R r) -> Value { return r.virtual_mac.to_string(); }};
constexpr RouterField kStatus{"Status", "status",
                              [](G, R r) -> Value { return std::string(core::to_string(r.state)); }};
constexpr RouterField kEffectivePriority{"Effective Priority", "effectivePriority",
                                         [](G, R r) { return number(r.effective_priority); }};
constexpr RouterField kMasterInterval{"Master Advertisement Interval", "masterAdverInterval", [](G, R r) -> Value {
                                        return whole_centiseconds(r.master_advertisement_interval);
                                      }};
constexpr RouterField kTx{"Advertisements Tx", "adverTx",
                          [](G, R r) { return number(r.statistics.advertisements_sent); },
                          RouterField::Place::statistics};
constexpr RouterField kRx{"Advertisements Rx", "adverRx",
                          [](G, R r) { return number(r.statistics.advertisements_received); },
                          RouterField::Place::statistics};
constexpr RouterField kGarpTx{"Gratuitous ARP Tx", "garpTx",
                              [](G, R r) { return number(r.statistics.announcements_sent); },
                              RouterField::Place::statistics, Family::ipv4};
constexpr RouterField kNeighbourTx{"Neigh. Adverts Tx", "neighborAdverTx",
                                   [](G, R r) { return number(r.statistics.announcements_sent); },
                                   RouterField::Place::statistics, Family::ipv6};
constexpr RouterField kTransitions{"State transitions", "transitions",
                                   [](G, R r) { return number(r.statistics.transitions); },
                                   RouterField::Place::statistics};
constexpr RouterField kSkew{"Skew Time", "skewTime", [](G, R r) -> Value { return whole_centiseconds(r.skew_time); }};
constexpr RouterField kDown{"Master Down Interval", "masterDownInterval",
                            [](G, R r) -> Value { return whole_centiseconds(r.master_down_interval); }};
constexpr RouterField kAddresses{nullptr, "addresses", addresses};

// Added by Tandem (cli.md §3): JSON only.
constexpr RouterField kMasterAddress{
    nullptr, "masterAddress", [](G, R r) -> Value { return r.master ? r.master->address.to_string() : std::string(); }};
constexpr RouterField kMasterPriority{nullptr, "masterPriority",
                                      [](G, R r) { return number(r.master ? r.master->priority : 0U); }};
constexpr RouterField kLastTransition{nullptr, "lastTransition", [](G, R r) -> Value {
                                        return r.last_transition ? rfc3339(r.last_transition->when) : std::string();
                                      }};
constexpr RouterField kLastReason{nullptr, "lastTransitionReason", last_transition_reason};
constexpr RouterField kInitializeReason{
    nullptr, "initializeReason", [](G g, R r) -> Value {
      return r.state == core::State::initialize ? core::describe(r.initialize_reason, g.interface) : std::string();
    }};
constexpr RouterField kSkewExact{nullptr, "skewTimeMicroseconds",
                                 [](G, R r) -> Value { return static_cast<std::int64_t>(r.skew_time.count()); }};
constexpr RouterField kDownExact{nullptr, "masterDownMicroseconds", [](G, R r) -> Value {
                                   return static_cast<std::int64_t>(r.master_down_interval.count());
                                 }};

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

constexpr std::array kJsonGroup{&kVrid,   &kVersion,  &kAutoconfigured, &kShutdown, &kPreempt,
                                &kAccept, &kChecksum, &kInterface,      &kInterval, &kPriority};

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
                                 &kAddresses,
                                 &kMasterAddress,
                                 &kMasterPriority,
                                 &kLastTransition,
                                 &kLastReason,
                                 &kInitializeReason,
                                 &kSkewExact,
                                 &kDownExact};

}  // namespace

std::span<const TextRow> text_rows() { return kTextRows; }
std::span<const GroupField* const> json_group_fields() { return kJsonGroup; }
std::span<const RouterField* const> json_router_fields() { return kJsonRouter; }

std::string to_text(const Value& value) {
  struct Visitor {
    std::string operator()(bool b) const { return b ? "Yes" : "No"; }
    std::string operator()(std::int64_t n) const { return std::to_string(n); }
    std::string operator()(Milliseconds ms) const { return fmt::format("{} ms", ms.value); }
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(const std::vector<std::string>& texts) const {
      return fmt::format("{}", fmt::join(texts, ", "));
    }
  };
  return std::visit(Visitor{}, value);
}

}  // namespace tandem::vrrpd::mgmt

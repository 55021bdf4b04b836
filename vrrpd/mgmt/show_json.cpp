// SPDX-License-Identifier: Apache-2.0
// FRR's JSON (frr-facts §1.6): keys in its order, ours behind.
#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/json.h"
#include "vrrpd/mgmt/show.h"
#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using json::Json;

Json to_json(const Value& value) {
  struct Visitor {
    Json operator()(bool b) const { return json::boolean(b); }
    Json operator()(unsigned n) const { return json::number(n); }
    Json operator()(Counter n) const { return json::number(n.value); }
    Json operator()(Interval i) const { return milliseconds(i.value); }
    Json operator()(Timer t) const { return milliseconds(t.value); }
    Json operator()(ExactTimer t) const { return json::number(static_cast<std::uint64_t>(t.value.count())); }
    Json operator()(OptionalNumber n) const { return json::number(n.value); }
    Json operator()(const Address& a) const { return json::text(to_text(a)); }
    Json operator()(Moment m) const { return json::text(to_text(m)); }
    Json operator()(core::State state) const { return json::text(to_text(state)); }
    Json operator()(const std::string& text) const { return json::text(text); }
    Json operator()(const std::vector<std::string>& texts) const {
      Json array = json::array();
      for (const std::string& text : texts) {
        json::append(array, json::text(text));
      }
      return array;
    }
    static Json milliseconds(base::Duration d) {
      return json::number(static_cast<std::uint64_t>(shown_milliseconds(d)));
    }
  };
  return std::visit(Visitor{}, value);
}

Json errors_of(const core::Statistics& statistics) {
  Json errors = json::object();
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    const auto drop = static_cast<packet::Drop>(i);
    json::add(errors, std::string(packet::info(drop).name), json::number(statistics.drops[drop]));
  }
  return errors;
}

Json router_object(const GroupView& group, const RouterView& router, Level level) {
  Json object = json::object();
  Json statistics;
  for (const RouterField* field : json_router_fields()) {
    if (field->level > level || (field->only && field->only != router.family)) {
      continue;
    }
    if (field->place == RouterField::Place::family) {
      json::add(object, field->json_key, to_json(field->get(group, router)));
      continue;
    }
    if (statistics == nullptr) {  // FRR's order: "stats" stands where its first member is met
      statistics = json::object();
      json::add(object, "stats", Json(json_object_get(statistics.get())));
    }
    json::add(statistics, field->json_key, to_json(field->get(group, router)));
  }
  json::add(statistics, "errors", errors_of(router.statistics));
  return object;
}

}  // namespace

std::string show_json(std::span<const GroupView> groups, Level level) {
  const Json array = json::array();
  for (const GroupView& group : groups) {
    Json object = json::object();
    for (const GroupField* field : json_group_fields()) {
      if (field->level <= level) {
        json::add(object, field->json_key, to_json(field->get(group)));
      }
    }
    json::add(object, "v4", router_object(group, group.v4, level));
    json::add(object, "v6", router_object(group, group.v6, level));
    json::append(array, std::move(object));
  }
  return json::print(array);
}

std::string show_summary_json(std::span<const GroupView> groups) {
  const Json array = json::array();
  for (const GroupView& group : groups) {
    Json object = json::object();
    json::add(object, "interface", json::text(group.interface));
    json::add(object, "vrid", json::number(group.config.vrid.value()));
    json::add(object, "priority", json::number(group.config.priority));
    json::add(object, "ipv4Addresses", json::number(group.v4.addresses.size()));
    json::add(object, "ipv6Addresses", json::number(group.v6.addresses.size()));
    json::add(object, "stateV4", json::text(to_text(group.v4.state)));
    json::add(object, "stateV6", json::text(to_text(group.v6.state)));
    json::append(array, std::move(object));
  }
  return json::print(array);
}

std::string show_history_json(std::span<const HistoryEntry> history) {
  const Json array = json::array();
  for (const HistoryEntry& entry : history) {
    const core::Transition& transition = entry.past.transition;
    Json object = json::object();
    json::add(object, "time", json::text(rfc3339(entry.past.when)));
    json::add(object, "interface", json::text(entry.interface));
    json::add(object, "vrid", json::number(entry.vrid.value()));
    json::add(object, "family", json::text(std::string(base::to_string(entry.family))));
    json::add(object, "from", json::text(to_text(transition.from)));
    json::add(object, "to", json::text(to_text(transition.to)));
    json::add(object, "reason", json::text(reason_of(transition, entry.interface)));
    json::add(object, "peer", json::text(to_text(Address{transition.peer, ""})));
    json::add(object, "peerPriority", json::number(transition.peer_priority));
    json::append(array, std::move(object));
  }
  return json::print(array);
}

}  // namespace tandem::vrrpd::mgmt

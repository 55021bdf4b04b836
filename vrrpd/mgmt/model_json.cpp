// SPDX-License-Identifier: Apache-2.0
// What is shown as instance data of the model (RFC 7951). The names of leaves are the fields' own; that all of them,
// and no others, are in yang/tandem-vrrp.yang is tested.
#include <algorithm>
#include <map>
#include <tuple>

#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/json.h"
#include "vrrpd/mgmt/show.h"
#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using json::Json;
using RouterName = std::tuple<std::string, core::Vrid, core::Family>;
using Histories = std::map<RouterName, std::vector<const PastTransition*>>;

std::string state_name(core::State state) {
  std::string name(core::to_string(state));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

Json text_or_nothing(const std::string& text) { return text.empty() ? nullptr : json::text(text); }

// Numbers of 64 bits are strings (RFC 7951 §6.1). Null: the leaf has no value.
Json to_model(const Value& value) {
  struct Visitor {
    Json operator()(bool b) const { return json::boolean(b); }
    Json operator()(unsigned n) const { return json::number(n); }
    Json operator()(OptionalNumber n) const { return n.value == 0 ? nullptr : json::number(n.value); }
    Json operator()(Counter n) const { return json::text(std::to_string(n.value)); }
    Json operator()(Interval i) const {
      return json::number(static_cast<std::uint64_t>(std::chrono::floor<base::Centiseconds>(i.value).count()));
    }
    Json operator()(Timer t) const { return json::text(std::to_string(t.value.count())); }
    Json operator()(ExactTimer t) const { return json::text(std::to_string(t.value.count())); }
    Json operator()(const Address& a) const { return a.value ? json::text(a.value->to_string()) : nullptr; }
    Json operator()(Moment m) const { return text_or_nothing(to_text(m)); }
    Json operator()(core::State state) const { return json::text(state_name(state)); }
    Json operator()(const std::string& text) const { return text_or_nothing(text); }
    Json operator()(const std::vector<std::string>& texts) const {
      Json array = json::array();
      for (const std::string& text : texts) {
        json::append(array, json::text(text));
      }
      return texts.empty() ? nullptr : std::move(array);
    }
  };
  return std::visit(Visitor{}, value);
}

void add_leaf(const Json& object, const char* name, const Value& value) {
  if (Json leaf = to_model(value); leaf != nullptr) {
    json::add(object, name, std::move(leaf));
  }
}

std::string kebab_case(std::string_view camel) {
  std::string text;
  for (const char c : camel) {
    const bool upper = c >= 'A' && c <= 'Z';
    text += upper ? std::string{'-', static_cast<char>(c + 32)} : std::string{c};
  }
  return text;
}

Json statistics_of(const GroupView& group, const RouterView& router) {
  Json statistics = json::object();
  for (const RouterField* field : model_router_fields()) {
    if (field->place == RouterField::Place::statistics) {
      add_leaf(statistics, field->model, field->get(group, router));
    }
  }
  Json errors = json::object();
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    const auto drop = static_cast<packet::Drop>(i);
    add_leaf(errors, kebab_case(packet::info(drop).name).c_str(), Counter{router.statistics.drops[drop]});
  }
  json::add(statistics, "errors", std::move(errors));
  return statistics;
}

Json transitions_of(const std::vector<const PastTransition*>& history, const std::string& interface) {
  Json array = json::array();
  for (const PastTransition* past : history) {
    const core::Transition& transition = past->transition;
    Json entry = json::object();
    add_leaf(entry, "time", Moment{past->when});
    add_leaf(entry, "from", transition.from);
    add_leaf(entry, "to", transition.to);
    add_leaf(entry, "reason", reason_of(transition, interface));
    add_leaf(entry, "peer", Address{transition.peer, ""});
    if (transition.peer) {
      add_leaf(entry, "peer-priority", transition.peer_priority + 0U);
    }
    json::append(array, std::move(entry));
  }
  return array;
}

Json state_of(const GroupView& group, const RouterView& router, const Histories& histories) {
  Json state = json::object();
  for (const RouterField* field : model_router_fields()) {
    if (field->place == RouterField::Place::family) {
      add_leaf(state, field->model, field->get(group, router));
    }
  }
  json::add(state, "statistics", statistics_of(group, router));
  const auto history = histories.find({group.interface, group.config.vrid, router.family});
  if (history != histories.end()) {
    json::add(state, "transition", transitions_of(history->second, group.interface));
  }
  Json family = json::object();
  json::add(family, "state", std::move(state));
  return family;
}

Json group_object(const GroupView& group, const Histories& histories) {
  Json object = json::object();
  json::add(object, "vrid", json::number(group.config.vrid.value()));
  for (const GroupField* field : model_group_fields()) {
    add_leaf(object, field->model, field->get(group));
  }
  if (group.v4.exists) {
    json::add(object, "ipv4", state_of(group, group.v4, histories));
  }
  if (group.v6.exists) {
    json::add(object, "ipv6", state_of(group, group.v6, histories));
  }
  return object;
}

}  // namespace

std::string model_json(std::span<const GroupView> groups, std::span<const HistoryEntry> history) {
  Histories histories;
  for (const HistoryEntry& entry : history) {
    histories[{entry.interface, entry.vrid, entry.family}].push_back(&entry.past);
  }
  Json interfaces = json::array();
  for (auto group = groups.begin(); group != groups.end();) {
    const std::string& name = group->interface;
    Json list = json::array();
    for (; group != groups.end() && group->interface == name; ++group) {
      json::append(list, group_object(*group, histories));
    }
    Json vrrp = json::object();
    json::add(vrrp, "group", std::move(list));
    Json interface = json::object();
    json::add(interface, "name", json::text(name));
    json::add(interface, "tandem-vrrp:vrrp", std::move(vrrp));
    json::append(interfaces, std::move(interface));
  }
  Json container = json::object();
  json::add(container, "interface", std::move(interfaces));
  const Json document = json::object();
  json::add(document, "tandem-interfaces:interfaces", std::move(container));
  return json::print(document);
}

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
// The shown fields as instance data of the model (RFC 7951). Leaves have the names of the fields. A test checks that
// yang/tandem-vrrp.yang has all of them and no others.
#include <map>
#include <tuple>

#include "lib/mgmt/json.h"
#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/show.h"
#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using tandem::mgmt::json::Writer;
using RouterName = std::tuple<std::string, core::Vrid, core::Family>;
using Histories = std::map<RouterName, std::vector<const PastTransition*>>;

std::string kebab_case(std::string_view camel) {
  std::string text;
  for (const char c : camel) {
    const bool upper = c >= 'A' && c <= 'Z';
    text += upper ? std::string{'-', static_cast<char>(c + 32)} : std::string{c};
  }
  return text;
}

void write_fields(Writer& writer, const GroupView& group, const RouterView& router, RouterField::Place place) {
  for (const RouterField* field : model_router_fields()) {
    if (field->place == place) {
      write_leaf(writer, field->model, field->get(group, router));
    }
  }
}

void write_statistics(Writer& writer, const GroupView& group, const RouterView& router) {
  writer.key("statistics").begin_object();
  write_fields(writer, group, router, RouterField::Place::statistics);
  writer.key("errors").begin_object();
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    const auto drop = static_cast<packet::Drop>(i);
    write_leaf(writer, kebab_case(packet::info(drop).name), Counter{router.statistics.drops[drop]});
  }
  writer.end_object();
  writer.end_object();
}

void write_transitions(Writer& writer, const std::vector<const PastTransition*>& history,
                       const std::string& interface) {
  writer.key("transition").begin_array();
  for (const PastTransition* past : history) {
    const core::Transition& transition = past->transition;
    writer.begin_object();
    write_leaf(writer, "time", Moment{past->when});
    write_leaf(writer, "from", name_of(transition.from));
    write_leaf(writer, "to", name_of(transition.to));
    write_leaf(writer, "reason", reason_of(transition, interface));
    write_leaf(writer, "peer", Address{transition.peer, ""});
    if (transition.peer) {
      write_leaf(writer, "peer-priority", transition.peer_priority + 0U);
    }
    writer.end_object();
  }
  writer.end_array();
}

void write_state(Writer& writer, const GroupView& group, const RouterView& router, const Histories& histories) {
  writer.begin_object();
  writer.key("state").begin_object();
  write_fields(writer, group, router, RouterField::Place::family);
  write_statistics(writer, group, router);
  const auto history = histories.find({group.interface, group.config.vrid, router.family});
  if (history != histories.end()) {
    write_transitions(writer, history->second, group.interface);
  }
  writer.end_object();
  writer.end_object();
}

void write_group(Writer& writer, const GroupView& group, const Histories& histories) {
  writer.begin_object();
  for (const GroupField* field : model_group_fields()) {
    write_leaf(writer, field->model, field->get(group));
  }
  if (group.v4.exists) {
    writer.key("ipv4");
    write_state(writer, group, group.v4, histories);
  }
  if (group.v6.exists) {
    writer.key("ipv6");
    write_state(writer, group, group.v6, histories);
  }
  writer.end_object();
}

}  // namespace

std::string model_json(std::span<const GroupView> groups, std::span<const HistoryEntry> history) {
  Histories histories;
  for (const HistoryEntry& entry : history) {
    histories[{entry.interface, entry.vrid, entry.family}].push_back(&entry.past);
  }
  Writer writer;
  writer.begin_object();
  writer.key("tandem-interfaces:interfaces").begin_object();
  writer.key("interface").begin_array();
  for (auto group = groups.begin(); group != groups.end();) {
    const std::string& name = group->interface;
    writer.begin_object();
    writer.key("name").text(name);
    writer.key("tandem-vrrp:vrrp").begin_object();
    writer.key("group").begin_array();
    for (; group != groups.end() && group->interface == name; ++group) {
      write_group(writer, *group, histories);
    }
    writer.end_array();
    writer.end_object();
    writer.end_object();
  }
  writer.end_array();
  writer.end_object();
  writer.end_object();
  return writer.take();
}

}  // namespace tandem::vrrpd::mgmt

// SPDX-License-Identifier: Apache-2.0
// What is shown as instance data of the model (RFC 7951). The names of leaves are the fields' own; that all of them,
// and no others, are in yang/tandem-vrrp.yang is tested.
#include <algorithm>
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

std::string state_name(core::State state) {
  std::string name(core::to_string(state));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name;
}

// Writes a leaf under its name, or nothing if it has no value. Numbers of 64 bits are strings (RFC 7951 §6.1).
class LeafWriter {
 public:
  LeafWriter(Writer& writer, std::string_view name) : writer_(writer), name_(name) {}

  void operator()(bool b) const { leaf().boolean(b); }
  void operator()(unsigned n) const { leaf().number(n); }
  void operator()(OptionalNumber n) const {
    if (n.value != 0) {
      leaf().number(n.value);
    }
  }
  void operator()(Counter n) const { text(std::to_string(n.value)); }
  void operator()(Interval i) const {
    leaf().number(static_cast<std::uint64_t>(std::chrono::floor<base::Centiseconds>(i.value).count()));
  }
  void operator()(Timer t) const { text(std::to_string(t.value.count())); }
  void operator()(ExactTimer t) const { text(std::to_string(t.value.count())); }
  void operator()(const Address& a) const { text(a.value ? a.value->to_string() : std::string()); }
  void operator()(Moment m) const { text(to_text(m)); }
  void operator()(core::State state) const { text(state_name(state)); }
  void operator()(const std::string& value) const { text(value); }
  void operator()(const std::vector<std::string>& texts) const {
    if (texts.empty()) {
      return;
    }
    leaf().begin_array();
    for (const std::string& each : texts) {
      writer_.text(each);
    }
    writer_.end_array();
  }

 private:
  Writer& leaf() const { return writer_.key(name_); }
  void text(const std::string& value) const {
    if (!value.empty()) {
      leaf().text(value);
    }
  }

  Writer& writer_;
  std::string_view name_;
};

void write_leaf(Writer& writer, std::string_view name, const Value& value) {
  std::visit(LeafWriter(writer, name), value);
}

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
    write_leaf(writer, "from", transition.from);
    write_leaf(writer, "to", transition.to);
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
  writer.key("vrid").number(group.config.vrid.value());
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

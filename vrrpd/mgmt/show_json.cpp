// SPDX-License-Identifier: Apache-2.0
// FRR's JSON (frr-facts §1.6): keys in its order, ours behind.
#include "lib/mgmt/json.h"
#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/show.h"
#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using tandem::mgmt::json::Writer;

void write(Writer& writer, const Value& value) {
  struct Visitor {
    Writer& to;
    void operator()(bool b) const { to.boolean(b); }
    void operator()(unsigned n) const { to.number(n); }
    void operator()(Counter n) const { to.number(n.value); }
    void operator()(Interval i) const { milliseconds(i.value); }
    void operator()(Timer t) const { milliseconds(t.value); }
    void operator()(ExactTimer t) const { to.number(static_cast<std::uint64_t>(t.value.count())); }
    void operator()(OptionalNumber n) const { to.number(n.value); }
    void operator()(const Address& a) const { to.text(to_text(a)); }
    void operator()(Moment m) const { to.text(to_text(m)); }
    void operator()(core::State state) const { to.text(to_text(state)); }
    void operator()(const std::string& text) const { to.text(text); }
    void operator()(const std::vector<std::string>& texts) const {
      to.begin_array();
      for (const std::string& text : texts) {
        to.text(text);
      }
      to.end_array();
    }
    void milliseconds(base::Duration d) const { to.number(static_cast<std::uint64_t>(shown_milliseconds(d))); }
  };
  std::visit(Visitor{writer}, value);
}

void write_errors(Writer& writer, const core::Statistics& statistics) {
  writer.key("errors").begin_object();
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    const auto drop = static_cast<packet::Drop>(i);
    writer.key(packet::info(drop).name).number(statistics.drops[drop]);
  }
  writer.end_object();
}

// In FRR's order: "stats" stands among the members of the family, where the table has the counters.
void write_router(Writer& writer, const GroupView& group, const RouterView& router, Level level) {
  using enum RouterField::Place;
  RouterField::Place place = family;
  const auto go_to = [&](RouterField::Place next) {
    if (next == statistics && place == family) {
      writer.key("stats").begin_object();
    } else if (next == family && place == statistics) {
      write_errors(writer, router.statistics);
      writer.end_object();
    }
    place = next;
  };
  writer.begin_object();
  for (const RouterField* field : json_router_fields()) {
    if (field->level > level || (field->only && field->only != router.family)) {
      continue;
    }
    go_to(field->place);
    writer.key(field->json_key);
    write(writer, field->get(group, router));
  }
  go_to(family);
  writer.end_object();
}

}  // namespace

void show_json(std::span<const GroupView> groups, Level level, const TakePiece& take) {
  Writer writer;
  writer.begin_array();
  for (const GroupView& group : groups) {
    writer.begin_object();
    for (const GroupField* field : json_group_fields()) {
      if (field->level <= level) {
        writer.key(field->json_key);
        write(writer, field->get(group));
      }
    }
    writer.key("v4");
    write_router(writer, group, group.v4, level);
    writer.key("v6");
    write_router(writer, group, group.v6, level);
    writer.end_object();
    if (std::string piece = writer.take_piece(); !piece.empty()) {
      take(std::move(piece));
    }
  }
  writer.end_array();
  take(writer.take());
}

std::string show_summary_json(std::span<const GroupView> groups) {
  Writer writer;
  writer.begin_array();
  for (const GroupView& group : groups) {
    writer.begin_object();
    writer.key("interface").text(group.interface);
    writer.key("vrid").number(group.config.vrid.value());
    writer.key("priority").number(group.config.priority);
    writer.key("ipv4Addresses").number(group.v4.addresses.size());
    writer.key("ipv6Addresses").number(group.v6.addresses.size());
    writer.key("stateV4").text(to_text(group.v4.state));
    writer.key("stateV6").text(to_text(group.v6.state));
    writer.end_object();
  }
  writer.end_array();
  return writer.take();
}

std::string show_history_json(std::span<const HistoryEntry> history) {
  Writer writer;
  writer.begin_array();
  for (const HistoryEntry& entry : history) {
    const core::Transition& transition = entry.past.transition;
    writer.begin_object();
    writer.key("time").text(rfc3339(entry.past.when));
    writer.key("interface").text(entry.interface);
    writer.key("vrid").number(entry.vrid.value());
    writer.key("family").text(base::to_string(entry.family));
    writer.key("from").text(to_text(transition.from));
    writer.key("to").text(to_text(transition.to));
    writer.key("reason").text(reason_of(transition, entry.interface));
    writer.key("peer").text(to_text(Address{transition.peer, ""}));
    writer.key("peerPriority").number(transition.peer_priority);
    writer.end_object();
  }
  writer.end_array();
  return writer.take();
}

}  // namespace tandem::vrrpd::mgmt

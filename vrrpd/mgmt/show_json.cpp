// SPDX-License-Identifier: Apache-2.0
// FRR's JSON: its keys in its order, then ours.
#include <utility>

#include "lib/mgmt/json.h"
#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/show.h"
#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using tandem::mgmt::json::Writer;

void write_errors(Writer& writer, const core::Statistics& statistics) {
  writer.key("errors").begin_object();
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    const auto drop = static_cast<packet::Drop>(i);
    writer.key(packet::info(drop).name).number(statistics.drops[drop]);
  }
  writer.end_object();
}

// Writes "stats" at the place of the counters in the order.
void write_router(Writer& writer, const GroupView& group, const RouterView& router, Level level) {
  bool in_statistics = false;
  const auto end_statistics = [&] {
    if (std::exchange(in_statistics, false)) {
      write_errors(writer, router.statistics);
      writer.end_object();
    }
  };
  writer.begin_object();
  for (const RouterField* field : json_router_fields()) {
    if (field->json_level > level || (field->only && field->only != router.family)) {
      continue;
    }
    if (field->place == RouterField::Place::family) {
      end_statistics();
    } else if (!std::exchange(in_statistics, true)) {
      writer.key("stats").begin_object();
    }
    writer.key(field->json_key);
    write_json(writer, field->get(group, router));
  }
  end_statistics();
  writer.end_object();
}

}  // namespace

void show_json(std::span<const GroupView> groups, Level level, const TakePiece& take) {
  Writer writer;
  writer.begin_array();
  for (const GroupView& group : groups) {
    writer.begin_object();
    for (const GroupField* field : json_group_fields()) {
      if (field->json_level <= level) {
        writer.key(field->json_key);
        write_json(writer, field->get(group));
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
    writer.key("stateV4").text(core::to_string(group.v4.state));
    writer.key("stateV6").text(core::to_string(group.v6.state));
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
    writer.key("from").text(core::to_string(transition.from));
    writer.key("to").text(core::to_string(transition.to));
    writer.key("reason").text(reason_of(transition, entry.interface));
    writer.key("peer").text(to_text(Address{transition.peer, ""}));
    writer.key("peerPriority").number(transition.peer_priority);
    writer.end_object();
  }
  writer.end_array();
  return writer.take();
}

}  // namespace tandem::vrrpd::mgmt

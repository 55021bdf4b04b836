// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "lib/mgmt/table.h"
#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/show.h"
#include "vrrpd/mgmt/words.h"

namespace tandem::vrrpd::mgmt {
namespace {

using tandem::mgmt::kTerminalWidth;

constexpr std::size_t kLabelWidth = 37;  // FRR's column, which scripts cut by position
constexpr const char* kFiller = "..................................";

struct Row {
  std::string label;
  std::string value;
};

std::string_view suffix(const RouterView& router) { return router.family == core::Family::ipv4 ? " (v4)" : " (v6)"; }

void append_addresses(std::vector<Row>& rows, const char* label, const RouterView& router) {
  rows.push_back({label, std::to_string(router.addresses.size())});
  for (const base::IpAddress& address : router.addresses) {
    rows.push_back({kFiller, address.to_string()});
  }
}

void append_rows(std::vector<Row>& rows, std::span<const TextRow> which, const GroupView& group) {
  for (const TextRow& row : which) {
    if (const auto* const* field = std::get_if<const GroupField*>(&row)) {
      rows.push_back({(*field)->label, to_text((*field)->get(group))});
      continue;
    }
    const RouterField& field = *std::get<const RouterField*>(row);
    for (const RouterView* router : {&group.v4, &group.v6}) {
      if (!field.only || field.only == router->family) {
        rows.push_back({std::string(field.label).append(suffix(*router)), to_text(field.get(group, *router))});
      }
    }
  }
}

std::vector<Row> rows_of(const GroupView& group) {
  std::vector<Row> rows;
  append_rows(rows, text_rows(), group);
  append_addresses(rows, "IPv4 Addresses", group.v4);
  append_addresses(rows, "IPv6 Addresses", group.v6);
  return rows;
}

void print(const std::vector<Row>& rows, std::string& out) {
  std::size_t width = 0;
  for (const Row& row : rows) {
    width = std::max(width, row.value.size());
  }
  for (const Row& row : rows) {
    fmt::format_to(std::back_inserter(out), " {:<{}}   {:<{}}   \n", row.label, kLabelWidth, row.value, width);
  }
}

// State, reason and time come first: operators need them most.
void append_headline(const GroupView& group, std::string& out) {
  constexpr std::size_t kIndent = 6;  // behind " IPv4 "
  fmt::format_to(std::back_inserter(out), " vrrp {} on {}\n", group.config.vrid.value(), group.interface);
  if (!group.config.description.empty()) {
    out += " " + wrap(group.config.description, kTerminalWidth - 1, 1) + "\n";
  }
  for (const RouterView* router : {&group.v4, &group.v6}) {
    const std::string reason = reason_of_state(group, *router);
    const std::string text = fmt::format("{} {}{}{}", base::to_string(router->family), core::to_string(router->state),
                                         reason.empty() ? "" : ": ", reason);
    out += " " + wrap(text, kTerminalWidth - 1, kIndent) + "\n";
    if (router->since) {
      fmt::format_to(std::back_inserter(out), "{:{}}since {}\n", "", kIndent, rfc3339(*router->since));
    }
  }
}

// Comes after the rows, whose columns FRR's users know. Appends nothing if there is no warning.
void append_warnings(const GroupView& group, std::string& out) {
  constexpr std::size_t kIndent = 5;
  for (const RouterView* router : {&group.v4, &group.v6}) {
    for (const std::string& warning : router->warnings) {
      out += " " + wrap(fmt::format("Warning{}: {}", suffix(*router), warning), kTerminalWidth - 1, kIndent) + "\n";
    }
  }
}

void append_counters(const GroupView& group, std::string& out) {
  const auto line = [&out](std::string_view label, const auto& v4, const auto& v6) {
    fmt::format_to(std::back_inserter(out), " {:<52} {:>12} {:>12}\n", label, v4, v6);
  };
  line("Counters", "IPv4", "IPv6");
  out += " " + std::string(kTerminalWidth - 3, '-') + "\n";
  for (const RouterField* field : counter_fields()) {
    line(field->label, to_text(field->get(group, group.v4)), to_text(field->get(group, group.v6)));
  }
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    const auto drop = static_cast<packet::Drop>(i);
    line(fmt::format("Dropped: {}", packet::info(drop).description), group.v4.statistics.drops[drop],
         group.v6.statistics.drops[drop]);
  }
}

using SummaryRow = std::array<std::string, 7>;

SummaryRow summary_row(const GroupView& group) {
  return {group.interface,
          std::to_string(group.config.vrid.value()),
          std::to_string(group.config.priority),
          std::to_string(group.v4.addresses.size()),
          std::to_string(group.v6.addresses.size()),
          std::string(core::to_string(group.v4.state)),
          std::string(core::to_string(group.v6.state))};
}

}  // namespace

std::string show_text(std::span<const GroupView> groups) {
  std::string out;
  for (const GroupView& group : groups) {
    out += '\n';
    print(rows_of(group), out);
    append_warnings(group, out);
    out += '\n';
  }
  return out;
}

std::string show_detail_text(std::span<const GroupView> groups) {
  std::string out;
  for (const GroupView& group : groups) {
    out += '\n';
    append_headline(group, out);
    out += '\n';
    std::vector<Row> rows = rows_of(group);
    append_rows(rows, detail_text_rows(), group);
    print(rows, out);
    append_warnings(group, out);
    out += '\n';
    append_counters(group, out);
    out += '\n';
  }
  return out;
}

std::string show_summary_text(std::span<const GroupView> groups) {
  std::vector<SummaryRow> rows{SummaryRow{"Interface", "VRID", "Priority", "IPv4", "IPv6", "State (v4)", "State (v6)"}};
  for (const GroupView& group : groups) {
    rows.push_back(summary_row(group));
  }
  std::array<std::size_t, std::tuple_size_v<SummaryRow>> widths{};
  std::size_t total = 0;
  for (std::size_t column = 0; column < widths.size(); ++column) {
    for (const SummaryRow& row : rows) {
      widths[column] = std::max(widths[column], row[column].size() + 3);
    }
    total += widths[column];
  }
  std::string out = "\n";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out += ' ';
    for (std::size_t column = 0; column < widths.size(); ++column) {
      fmt::format_to(std::back_inserter(out), "{:<{}}", rows[i][column], widths[column]);
    }
    out += '\n';
    if (i == 0 && rows.size() > 1) {
      out += " " + std::string(total, '-') + "\n";
    }
  }
  return out + "\n";
}

// Each entry takes two lines, so that they fit a terminal.
std::string show_history_text(std::span<const HistoryEntry> history) {
  constexpr std::size_t kIndent = 4;
  std::string out;
  for (const HistoryEntry& entry : history) {
    const core::Transition& transition = entry.past.transition;
    const std::string change =
        fmt::format("{} {}: {} -> {}", rfc3339(entry.past.when), name_of(entry.interface, entry.vrid, entry.family),
                    core::to_string(transition.from), core::to_string(transition.to));
    const std::string reason = reason_of(transition, entry.interface) + peer_of(transition);
    fmt::format_to(std::back_inserter(out), "{}\n{:{}}{}\n", wrap(change, kTerminalWidth, kIndent), "", kIndent,
                   wrap(reason, kTerminalWidth - kIndent, kIndent));
  }
  return out;
}

}  // namespace tandem::vrrpd::mgmt

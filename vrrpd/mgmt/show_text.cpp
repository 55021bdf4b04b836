// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "vrrpd/mgmt/fields.h"
#include "vrrpd/mgmt/show.h"

namespace tandem::vrrpd::mgmt {
namespace {

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

std::vector<Row> rows_of(const GroupView& group) {
  std::vector<Row> rows;
  for (const TextRow& row : text_rows()) {
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
  append_addresses(rows, "IPv4 Addresses", group.v4);
  append_addresses(rows, "IPv6 Addresses", group.v6);
  return rows;
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
    const std::vector<Row> rows = rows_of(group);
    std::size_t width = 0;
    for (const Row& row : rows) {
      width = std::max(width, row.value.size());
    }
    out += '\n';
    for (const Row& row : rows) {
      fmt::format_to(std::back_inserter(out), " {:<{}}   {:<{}}   \n", row.label, kLabelWidth, row.value, width);
    }
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

}  // namespace tandem::vrrpd::mgmt

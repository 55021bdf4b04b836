// SPDX-License-Identifier: Apache-2.0
// What the virtual routers and the daemon itself are doing.
#include <algorithm>

#include "lib/event/loop.h"
#include "lib/yang/select.h"
#include "vrrpd/mgmt/command_table.h"
#include "vrrpd/mgmt/show.h"

namespace tandem::vrrpd::mgmt {
namespace {

void note_unknown_interface(const Invocation& in, const GroupFilter& filter) {
  if (filter.interface && !in.context.control.interface_exists(*filter.interface)) {
    in.terminal.print("Note: there is no interface " + *filter.interface + "\n");
  }
}

enum class Form { text, json };
Form form_of(const Invocation& in) { return in.bindings.has("json") ? Form::json : Form::text; }

void print_groups(std::span<const GroupView> groups, const Invocation& in) {
  const bool json = form_of(in) == Form::json;
  const bool detail = in.bindings.has("detail");
  if (in.bindings.has("summary")) {
    in.terminal.print(json ? show_summary_json(groups) : show_summary_text(groups));
  } else if (json) {
    show_json(groups, detail ? Level::detail : Level::normal,
              [&in](std::string piece) { in.terminal.print(std::move(piece)); });
  } else {
    in.terminal.print(detail ? show_detail_text(groups) : show_text(groups));
  }
}

base::Result<> show_vrrp(const Invocation& in) {
  const GroupFilter filter = filter_of(in.bindings);
  const std::vector<GroupView> groups = in.context.control.groups(filter);
  if (groups.empty() && form_of(in) == Form::text) {
    note_unknown_interface(in, filter);
  }
  print_groups(groups, in);
  return {};
}

base::Result<> show_history(const Invocation& in) {
  const GroupFilter filter = filter_of(in.bindings);
  std::vector<HistoryEntry> history = in.context.control.history(filter);
  std::ranges::stable_sort(history, {}, [](const HistoryEntry& entry) { return entry.past.when; });
  if (history.empty() && form_of(in) == Form::text) {
    note_unknown_interface(in, filter);
  }
  in.terminal.print(form_of(in) == Form::json ? show_history_json(history) : show_history_text(history));
  return {};
}

base::Result<> monitor_vrrp(const Invocation& in) {
  const std::vector<GroupView> groups = in.context.control.groups(filter_of(in.bindings));
  const Now now{event::monotonic_now(), event::wall_now()};
  in.terminal.print(monitor_screen(groups, in.session.rates, now, in.columns));
  return {};
}

base::Result<> show_operational_data(const Invocation& in) {
  const auto paths = yang::read_paths(in.context.datastore.context(), *in.bindings.find("xpath"));
  if (!paths) {
    return base::fail("% {}", paths.error().message);
  }
  const std::string document = model_json(in.context.control.groups({}), in.context.control.history({}));
  const auto selected = yang::select(in.context.datastore.context(), document, *paths);
  if (!selected) {
    return base::fail("% {}", selected.error().message);
  }
  in.terminal.print(*selected);
  return {};
}

base::Result<> clear_statistics(const Invocation& in) {
  in.context.control.clear_statistics(filter_of(in.bindings));
  return {};
}

}  // namespace

CommandSet show_commands() {
  return {
      .rows =
          {
              {Access::view, "show vrrp [{interface IFNAME|(1-255)}] [<summary|detail>] [json]", show_vrrp},
              {Access::view, "show vrrp history [{interface IFNAME|(1-255)}] [json]", show_history},
              {.access = Access::view,
               .syntax = "monitor vrrp [{interface IFNAME|(1-255)}]",
               .handler = monitor_vrrp,
               .kind = cli::CommandKind::live},
              {Access::view, "show yang operational-data XPATH...", show_operational_data},
              {Access::enable, "clear vrrp statistics [{interface IFNAME|(1-255)}]", clear_statistics},
          },
      .helps =
          {
              {"summary", "Summarize all VRRP instances"},
              {"detail", "Everything, with counters and the reason of the state"},
              {"history", "The last transitions of all virtual routers"},
              {"yang", "YANG information"},
              {"operational-data", "State as instance data of the model (RFC 7951)"},
              {"XPATH...", "Path of nodes, / for all: /NAME/NAME[KEY='VALUE'], // for any depth, * for any name",
               "xpath"},
              {"monitor", "Watch, refreshed in place"},
              {"clear", "Reset functions"},
              {"statistics", "Counters of virtual routers"},
          },
  };
}

}  // namespace tandem::vrrpd::mgmt

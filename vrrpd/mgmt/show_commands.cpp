// SPDX-License-Identifier: Apache-2.0
// Commands that show the state of the virtual routers.
#include <algorithm>

#include "lib/event/loop.h"
#include "vrrpd/mgmt/commands.h"
#include "vrrpd/mgmt/show.h"

namespace tandem::vrrpd::mgmt {
namespace {

void note_unknown_interface(const Invocation& in, const GroupSelection& selection) {
  if (selection.interface && !control_of(in).interface_exists(*selection.interface)) {
    in.output.print("Note: there is no interface " + *selection.interface + "\n");
  }
}

enum class Form { text, json };
Form form_of(const Invocation& in) { return in.bindings.has("json") ? Form::json : Form::text; }

void print_groups(std::span<const GroupView> groups, const Invocation& in) {
  const bool json = form_of(in) == Form::json;
  const bool detail = in.bindings.has("detail");
  if (in.bindings.has("summary")) {
    in.output.print(json ? show_summary_json(groups) : show_summary_text(groups));
  } else if (json) {
    show_json(groups, detail ? Level::detail : Level::normal,
              [&in](std::string piece) { in.output.print(std::move(piece)); });
  } else {
    in.output.print(detail ? show_detail_text(groups) : show_text(groups));
  }
}

base::Result<> show_vrrp(const Invocation& in) {
  const GroupSelection selection = selection_of(in.bindings);
  const std::vector<GroupView> groups = control_of(in).groups(selection);
  if (groups.empty() && form_of(in) == Form::text) {
    note_unknown_interface(in, selection);
  }
  print_groups(groups, in);
  return {};
}

base::Result<> show_history(const Invocation& in) {
  const GroupSelection selection = selection_of(in.bindings);
  std::vector<HistoryEntry> history = control_of(in).history(selection);
  std::ranges::stable_sort(history, {}, [](const HistoryEntry& entry) { return entry.past.when; });
  if (history.empty() && form_of(in) == Form::text) {
    note_unknown_interface(in, selection);
  }
  in.output.print(form_of(in) == Form::json ? show_history_json(history) : show_history_text(history));
  return {};
}

base::Result<> monitor_vrrp(const Invocation& in) {
  const std::vector<GroupView> groups = control_of(in).groups(selection_of(in.bindings));
  const Now now{event::monotonic_now(), event::wall_now()};
  in.output.print(monitor_screen(groups, in.session.screen_as<AdvertRates>(), now, in.columns));
  return {};
}

base::Result<> clear_statistics(const Invocation& in) {
  control_of(in).clear_statistics(selection_of(in.bindings));
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
              {Access::enable, "clear vrrp statistics [{interface IFNAME|(1-255)}]", clear_statistics},
          },
      .helps =
          {
              {"summary", "Summarize all VRRP instances"},
              {"detail", "Everything, with counters and the reason of the state"},
              {"history", "The last transitions of all virtual routers"},
              {"monitor", "Watch, refreshed in place"},
              {"clear", "Reset functions"},
              {"statistics", "Counters of virtual routers"},
          },
  };
}

}  // namespace tandem::vrrpd::mgmt

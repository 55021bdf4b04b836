// SPDX-License-Identifier: Apache-2.0
// The program itself: version and memory.
#include <fmt/format.h>

#include "lib/base/version.h"
#include "lib/os/hostname.h"
#include "lib/os/memory.h"
#include "vrrpd/mgmt/command_table.h"
#include "vrrpd/mgmt/json.h"

namespace tandem::vrrpd::mgmt {
namespace {

#ifdef __clang__
constexpr const char* kCompiler = "Clang " __clang_version__;
#else
constexpr const char* kCompiler = "GCC " __VERSION__;
#endif
constexpr unsigned kStandard = __cplusplus / 100 % 100;

base::Result<> show_version(const Invocation& in) {
  const std::string hostname = in.context.control.hostname();
  if (in.bindings.has("json")) {
    json::Writer version;
    version.begin_object();
    version.key("daemon").text("vrrpd");
    version.key("version").text(base::version());
    version.key("hostname").text(hostname);
    version.key("operatingSystem").text(os::operating_system());
    version.key("compiler").text(kCompiler);
    version.end_object();
    in.terminal.print(version.take());
    return {};
  }
  in.terminal.print(fmt::format("Tandem vrrpd {} ({}) on {}.\n"
                                "Built with {}, C++{}.\n",
                                base::version(), hostname, os::operating_system(), kCompiler, kStandard) +
                    in.context.control.incidents());
  return {};
}

// One row of `show memory`, in text and JSON. Bytes are shown as KiB in text.
struct Measure {
  enum class Unit { bytes, objects };
  const char* label;
  const char* key;
  std::size_t value;
  Unit unit;
};

std::vector<Measure> measure(const Invocation& in) {
  using enum Measure::Unit;
  const std::vector<GroupView> groups = in.context.control.groups({});
  std::size_t routers = 0;
  for (const GroupView& group : groups) {
    routers += (group.v4.exists ? 1U : 0U) + (group.v6.exists ? 1U : 0U);
  }
  const os::MemoryUse use = os::memory_use();
  return {{"Resident set", "residentBytes", use.resident, bytes},
          {"Total heap allocated", "heapBytes", use.heap, bytes},
          {"Heap in use", "heapInUseBytes", use.heap_in_use, bytes},
          {"Groups", "groups", groups.size(), objects},
          {"Virtual routers", "virtualRouters", routers, objects},
          {"Management sessions", "managementSessions", in.context.control.session_count(), objects}};
}

base::Result<> show_memory(const Invocation& in) {
  json::Writer document;
  document.begin_object();
  std::string bytes = "Memory statistics for vrrpd:\n";
  std::string objects = "Objects:\n";
  for (const Measure& each : measure(in)) {
    const std::string label = fmt::format("{}:", each.label);
    if (each.unit == Measure::Unit::bytes) {
      bytes += fmt::format("  {:<21} {:>10} KiB\n", label, each.value / 1024);
    } else {
      objects += fmt::format("  {:<21} {:>10}\n", label, each.value);
    }
    document.key(each.key).number(each.value);
  }
  document.end_object();
  in.terminal.print(in.bindings.has("json") ? document.take() : bytes + objects);
  return {};
}

base::Result<> show_motd(const Invocation& in) {
  if (const auto motd = in.context.control.motd(); motd && !motd->empty()) {
    in.terminal.print(*motd + "\n");
  }
  return {};
}

}  // namespace

CommandSet system_commands() {
  return {
      .rows =
          {
              {Access::view, "show version [json]", show_version},
              {Access::view, "show memory [vrrpd] [json]", show_memory},
              {Access::view, "show motd", show_motd},
          },
      .helps =
          {
              {"version", "Displays the version of Tandem"},
              {"memory", "Memory in use, and what for"},
              {"motd", "The message with which sessions of the shell begin"},
          },
  };
}

}  // namespace tandem::vrrpd::mgmt

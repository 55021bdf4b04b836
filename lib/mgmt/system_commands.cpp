// SPDX-License-Identifier: Apache-2.0
// The daemon itself: version, memory, message of the day, state as instance data.
#include <fmt/format.h>

#include "lib/base/version.h"
#include "lib/mgmt/command_table.h"
#include "lib/mgmt/json.h"
#include "lib/os/hostname.h"
#include "lib/os/memory.h"
#include "lib/yang/select.h"

namespace tandem::mgmt {
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
    version.key("daemon").text(in.context.daemon);
    version.key("version").text(base::version());
    version.key("hostname").text(hostname);
    version.key("operatingSystem").text(os::operating_system());
    version.key("compiler").text(kCompiler);
    version.end_object();
    in.output.print(version.take());
    return {};
  }
  in.output.print(fmt::format("Tandem {} {} ({}) on {}.\n"
                              "Built with {}, C++{}.\n",
                              in.context.daemon, base::version(), hostname, os::operating_system(), kCompiler,
                              kStandard) +
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
  const os::MemoryUse use = os::memory_use();
  std::vector<Measure> all{{"Resident set", "residentBytes", use.resident, bytes},
                           {"Total heap allocated", "heapBytes", use.heap, bytes},
                           {"Heap in use", "heapInUseBytes", use.heap_in_use, bytes}};
  for (const ObjectCount& each : in.context.control.object_counts()) {
    all.push_back({each.label, each.json_key, each.count, objects});
  }
  all.push_back({"Management sessions", "managementSessions", in.context.control.session_count(), objects});
  return all;
}

base::Result<> show_memory(const Invocation& in) {
  json::Writer document;
  document.begin_object();
  std::string bytes = fmt::format("Memory statistics for {}:\n", in.context.daemon);
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
  in.output.print(in.bindings.has("json") ? document.take() : bytes + objects);
  return {};
}

base::Result<> show_motd(const Invocation& in) {
  if (const auto motd = in.context.control.motd(); motd && !motd->empty()) {
    in.output.print(*motd + "\n");
  }
  return {};
}

base::Result<> show_operational_data(const Invocation& in) {
  const yang::Context& context = in.context.datastore.context();
  const auto paths = yang::read_paths(context, *in.bindings.find("xpath"));
  if (!paths) {
    return base::fail("% {}", paths.error().message);
  }
  const auto selected = yang::select(context, in.context.control.operational_data(), *paths);
  if (!selected) {
    return base::fail("% {}", selected.error().message);
  }
  in.output.print(*selected);
  return {};
}

}  // namespace

CommandSet system_commands(std::string_view daemon) {
  return {
      .rows =
          {
              {Access::view, "show version [json]", show_version},
              {Access::view, fmt::format("show memory [{}] [json]", daemon), show_memory},
              {Access::view, "show motd", show_motd},
              {Access::view, "show yang operational-data XPATH...", show_operational_data},
          },
      .helps =
          {
              {"version", "Displays the version of Tandem"},
              {"memory", "Memory in use, and what for"},
              {"motd", "The message with which sessions of the shell begin"},
              {"yang", "YANG information"},
              {"operational-data", "State as instance data of the model (RFC 7951)"},
              {"XPATH...", "Path of nodes, / for all: /NAME/NAME[KEY='VALUE'], // for any depth, * for any name",
               "xpath"},
          },
  };
}

}  // namespace tandem::mgmt

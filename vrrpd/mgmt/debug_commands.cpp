// SPDX-License-Identifier: Apache-2.0
// `debug vrrp …` for this run, and `show debugging`.
#include <array>

#include "vrrpd/mgmt/commands.h"

namespace tandem::vrrpd::mgmt {
namespace {

// The topics that were typed; none means all (FRR's habit).
std::set<config::DebugTopic> topics_of(const cli::Bindings& bindings) {
  std::set<config::DebugTopic> named;
  for (const cli::Binding& binding : bindings.all()) {
    if (const auto topic = config::parse_debug_topic(binding.value)) {
      named.insert(*topic);
    }
  }
  return named.empty() ? config::all_debug_topics() : named;
}

base::Result<> debug_on(const Invocation& in) {
  std::set<config::DebugTopic> topics = control_of(in).volatile_debug();
  topics.merge(topics_of(in.bindings));
  control_of(in).set_volatile_debug(topics);
  return {};
}

base::Result<> debug_off(const Invocation& in) {
  std::set<config::DebugTopic> topics = control_of(in).volatile_debug();
  for (const config::DebugTopic topic : topics_of(in.bindings)) {
    topics.erase(topic);
  }
  control_of(in).set_volatile_debug(topics);
  return {};
}

base::Result<> record_on(const Invocation& in) {
  const auto started = control_of(in).start_recording(*in.bindings.find("RECORDING"));
  return started ? started : base::fail("% {}", started.error().message);
}

base::Result<> record_off(const Invocation& in) {
  const auto stopped = control_of(in).stop_recording();
  return stopped ? stopped : base::fail("% {}", stopped.error().message);
}

// The text and order of FRR's `show debugging`.
base::Result<> show_debugging(const Invocation& in) {
  using enum config::DebugTopic;
  static constexpr std::array<std::pair<config::DebugTopic, const char*>, 8> kLines{{
      {arp, "VRRP ARP"},
      {autoconfigure, "VRRP autoconfiguration events"},
      {config, "VRRP configuration"},
      {kernel, "VRRP kernel"},
      {ndisc, "VRRP Neighbor Discovery"},
      {packets, "VRRP packets"},
      {protocol, "VRRP protocol events"},
      {sockets, "VRRP sockets"},
  }};
  const std::set<config::DebugTopic> topics = control_of(in).debug_topics();
  std::string text = "VRRP debugging status:\n";
  for (const auto& [topic, words] : kLines) {
    if (topics.contains(topic)) {
      text += std::string("  ") + words + " debugging is on\n";
    }
  }
  if (const auto file = control_of(in).recording()) {
    text += "  VRRP recording to " + *file + " is on\n";
  }
  in.output.print(text);
  return {};
}

}  // namespace

CommandSet debug_commands() {
  return {
      .rows =
          {
              {Access::view, "show debugging [vrrp]", show_debugging},
              {Access::enable, "debug vrrp record RECORDING", record_on},
              {Access::enable, "no debug vrrp record", record_off},
          },
      .helps =
          {
              {"debugging", "Debugging status"},
              {"debug", "Debugging functions"},
              {"record", "Record what the protocol is told, to be replayed"},
              {"RECORDING", "Name of a new file on this machine"},
          },
      .borrowed = {{"debug vrrp", debug_on}, {"no debug vrrp", debug_off}},
  };
}

}  // namespace tandem::vrrpd::mgmt

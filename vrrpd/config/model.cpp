// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/config/model.h"

#include <array>

namespace tandem::vrrpd::config {

namespace {
constexpr std::array kTopics = {DebugTopic::protocol, DebugTopic::autoconfigure, DebugTopic::packets,
                                DebugTopic::sockets,  DebugTopic::ndisc,         DebugTopic::arp,
                                DebugTopic::kernel,   DebugTopic::config};
}  // namespace

std::string_view to_string(DebugTopic topic) {
  switch (topic) {
    case DebugTopic::protocol:
      return "protocol";
    case DebugTopic::autoconfigure:
      return "autoconfigure";
    case DebugTopic::packets:
      return "packets";
    case DebugTopic::sockets:
      return "sockets";
    case DebugTopic::ndisc:
      return "ndisc";
    case DebugTopic::arp:
      return "arp";
    case DebugTopic::kernel:
      return "kernel";
    case DebugTopic::config:
      return "config";
  }
  return {};
}

std::optional<DebugTopic> parse_debug_topic(std::string_view name) {
  for (const DebugTopic topic : kTopics) {
    if (to_string(topic) == name) {
      return topic;
    }
  }
  return std::nullopt;
}

std::set<DebugTopic> all_debug_topics() { return {kTopics.begin(), kTopics.end()}; }

}  // namespace tandem::vrrpd::config

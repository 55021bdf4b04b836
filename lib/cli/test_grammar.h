// SPDX-License-Identifier: Apache-2.0
// A small grammar for the tests of matching and completion: frequent commands of FRR's users.
#pragma once

#include "lib/cli/grammar.h"

namespace tandem::cli {

inline Grammar test_grammar() {
  const std::vector<TokenHelp> helps = {
      {"show", "Show running system information"},         {"vrrp", "Virtual Router Redundancy Protocol"},
      {"(1-255)", "Virtual Router ID", "vrid", "vrid"},    {"interface", "Interface information"},
      {"IFNAME", "Interface name", "ifname", "interface"}, {"json", "JavaScript Object Notation"},
      {"summary", "Summarize all VRRP instances"},
  };
  Grammar grammar;
  for (const char* syntax : {
           "show vrrp [{interface IFNAME|(1-255)}] [json|summary]",
           "show vrf",
           "vrrp (1-255)",
           "vrrp (1-255) priority (1-254)",
           "vrrp (1-255) preempt",
           "vrrp (1-255) preempt delay (0-3600)",
           "vrrp (1-255) ip A.B.C.D[/M]",
           "vrrp (1-255) ipv6 X:X::X:X",
           "vrrp (1-255) description LINE...",
           "debug vrrp [{protocol|packets|arp}]",
           "ping <ten|tenth|NAME>",
           "route A.B.C.D/M",
       }) {
    grammar.commands.push_back(Command{.mode = "m", .syntax = parse_syntax(syntax, helps).value()});
  }
  grammar.commands.push_back(Command{.mode = "other", .syntax = parse_syntax("exit", helps).value()});
  return grammar;
}

}  // namespace tandem::cli

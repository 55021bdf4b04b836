// SPDX-License-Identifier: Apache-2.0
// Asks who has an address, as hosts do, from packet sockets, on a worker's thread (doc/decisions/0028). A frame that
// leaves a macvlan in bridge mode for its own MAC address does not reach the wire: the kernel gives it to the interface
// below as one that arrives, and from there to the macvlan. So does the answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lib/base/ids.h"
#include "vrrpd/core/types.h"
#include "vrrpd/io/background.h"
#include "vrrpd/io/interfaces.h"
#include "vrrpd/packet/question.h"

namespace tandem::vrrpd::io {

struct Inquiry {
  core::RouterId router;
  base::IfIndex interface;       // that sends the question
  base::MacAddress destination;  // of the frame
  packet::Question question;

  bool is_looped() const { return destination == question.mac; }
};

struct Findings {
  std::vector<std::optional<base::MacAddress>> stations;  // the first that answered each inquiry, in their order
  std::string failure{};                                  // why nothing was asked; the rest says nothing then
};

// All of a piece are sent at once, and it ends when all are answered, or after kAnswerTimeout.
using Inquirer = Background<std::vector<Inquiry>, Findings>;
Inquirer::Execute inquire_by_packet_sockets();

// Whose question the own kernel takes for that of a host of the target's network on `parent`: an address of it that no
// interface here has. 0.0.0.0: there is none. IPv6: a link-local address. Pure.
base::IpAddress own_sender(const base::IpAddress& target, const InterfaceTable& table, const Interface& parent);

}  // namespace tandem::vrrpd::io

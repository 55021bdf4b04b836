// SPDX-License-Identifier: Apache-2.0
// Decodes what rtnetlink sends: a pure function over the bytes of one datagram. Whatever the bytes are, nothing outside
// of them is read: a message that is cut short or contradicts itself is left out, together with all that follows a
// broken message length.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/netlink/messages.h"
#include "lib/netlink/settings.h"

namespace tandem::netlink {

// The kernel's answer to a request.
struct Acknowledgement {
  int error = 0;     // errno value; 0: done
  std::string text;  // the kernel's own words (extended acknowledgement), often empty

  bool operator==(const Acknowledgement&) const = default;
};

// The end of a dump.
struct DumpEnd {
  int error = 0;

  bool operator==(const DumpEnd&) const = default;
};

struct Decoded {
  std::uint32_t sequence = 0;  // of the request that this answers; 0 for notifications
  bool interrupted = false;    // NLM_F_DUMP_INTR: something changed during the dump, which has to be made again
  std::variant<Acknowledgement, DumpEnd, Event> content;
  LinkSettings settings{};  // of a link, with Detail::settings
};

enum class Detail { usual, settings };
std::vector<Decoded> decode(base::Bytes datagram, Detail detail = Detail::usual);

}  // namespace tandem::netlink

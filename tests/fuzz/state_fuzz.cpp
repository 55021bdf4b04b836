// SPDX-License-Identifier: Apache-2.0
// The file with the original values of sysctls and the macvlans, which the daemon reads at each start. If the parser
// accepts it, the printed text must parse to the same content.
#include <algorithm>

#include "tests/fuzz/fuzz.h"
#include "vrrpd/io/saved_state.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem;
  using namespace tandem::vrrpd;
  const std::string records(fuzz::text_of(data, std::min(size, fuzz::kMaxInput)));
  const std::string head = os::state_head("tandem-devices 1", "boot", 1);
  static_cast<void>(os::records_after(head, records));
  const io::SavedState state = io::parse_records(os::records_after(head, head + records));
  const std::string printed = io::print_records(state);
  fuzz::require(io::parse_records(printed) == state, "what is printed is read", printed);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
// The file with the originals of sysctls and macvlans, read at each start. What is understood is printed and understood
// again, as the same.
#include <algorithm>

#include "tests/fuzz/fuzz.h"
#include "vrrpd/io/state_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tandem;
  using namespace tandem::vrrpd;
  constexpr std::string_view kKernel = "boot 1";
  const std::string records(fuzz::text_of(data, std::min(size, fuzz::kMaxInput)));
  static_cast<void>(io::parse_state(records, kKernel));
  const io::SavedState state = io::parse_state(io::print_state({}, kKernel) + records, kKernel);
  const std::string printed = io::print_state(state, kKernel);
  fuzz::require(io::parse_state(printed, kKernel) == state, "what is printed is read", printed);
  return 0;
}

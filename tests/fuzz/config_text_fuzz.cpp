// SPDX-License-Identifier: Apache-2.0
// Configuration files in the form of commands; the properties are in config_properties.h.
#include "tests/fuzz/config_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > tandem::fuzz::kMaxInput) {
    return -1;
  }
  tandem::fuzz::check_file(tandem::fuzz::text_of(data, size));
  return 0;
}

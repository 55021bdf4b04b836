// SPDX-License-Identifier: Apache-2.0
// Configuration files as JSON instance data; the properties are in config_properties.h. Without a leading brace the
// datastore would parse the text as commands, which config_text covers.
#include "tests/fuzz/config_properties.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > tandem::fuzz::kMaxInput) {
    return -1;
  }
  std::string text(tandem::fuzz::text_of(data, size));
  text.insert(0, text.starts_with('{') ? "" : "{");
  tandem::fuzz::check_file(text);
  return 0;
}

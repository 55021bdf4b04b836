// SPDX-License-Identifier: Apache-2.0
// Common parts of the fuzzers. A fuzzer is one function over bytes: it makes the input of a decoder from them and
// asserts properties that must hold for all inputs. libFuzzer searches for bytes that violate a property.
#pragma once

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"

namespace tandem::fuzz {

// Larger inputs find the same problems as smaller ones, only later.
inline constexpr std::size_t kMaxInput = 8192;

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  // The bytes of a file or of a line are characters; only this function converts them.
  return {reinterpret_cast<const char*>(data), size};
}

// A property that must hold, with a text that explains a violation.
inline void require(bool holds, const char* property, std::string_view seen = {}) {
  if (!holds) {
    std::fprintf(stderr, "fuzz: does not hold: %s\n%.*s\n", property, static_cast<int>(seen.size()), seen.data());
    std::abort();
  }
}

}  // namespace tandem::fuzz

// libFuzzer calls this function.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

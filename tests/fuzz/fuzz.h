// SPDX-License-Identifier: Apache-2.0
// What the fuzzers share. A fuzzer is one function over bytes: it turns them into the input of a decoder and asserts
// what must hold for every input. libFuzzer looks for the bytes for which it does not.
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

// Larger inputs find nothing that smaller ones do not, only later.
inline constexpr std::size_t kMaxInput = 8192;

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  // The bytes of a file or of a line are characters; this is the one place that says so.
  return {reinterpret_cast<const char*>(data), size};
}

// A property that must hold, with the text that explains what did not.
inline void require(bool holds, const char* property, std::string_view seen = {}) {
  if (!holds) {
    std::fprintf(stderr, "fuzz: does not hold: %s\n%.*s\n", property, static_cast<int>(seen.size()), seen.data());
    std::abort();
  }
}

}  // namespace tandem::fuzz

// What libFuzzer calls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

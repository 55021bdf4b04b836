// SPDX-License-Identifier: Apache-2.0
// Matching of one token with one word. Internal to lib/cli.
#pragma once

#include <string_view>

#include "lib/cli/grammar.h"

namespace tandem::cli {

// How well a word fits a token, best first.
enum class Rank : std::uint8_t { exact_keyword, keyword_prefix, typed_value, word, line, none };

Rank rank_of(const Token& token, std::string_view word);

// Whether further letters can make an acceptable word of `begin`.
bool may_become(const Token& token, std::string_view begin);

}  // namespace tandem::cli

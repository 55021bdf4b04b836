// SPDX-License-Identifier: Apache-2.0
// What a YANG string may hold. Private to this folder.
#pragma once

#include <string_view>

namespace tandem::yang {

// UTF-8 without control characters, surrogates and noncharacters (RFC 7950 §9.4, yang-char). libyang does not look when
// a value is set, but refuses to read back what it has printed.
bool is_yang_text(std::string_view text);

}  // namespace tandem::yang

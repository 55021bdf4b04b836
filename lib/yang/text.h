// SPDX-License-Identifier: Apache-2.0
// The characters of a YANG string. Private to this folder.
#pragma once

#include <string_view>

namespace tandem::yang {

// Whether the text is UTF-8 without control characters, surrogates and noncharacters (RFC 7950 §9.4, yang-char).
// libyang does not check a value that is set, but refuses to read it back after printing.
bool is_yang_text(std::string_view text);

}  // namespace tandem::yang

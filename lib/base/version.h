// SPDX-License-Identifier: Apache-2.0
// Which version of Tandem this is: said in one place, so that a test can build another one cheaply (tests/upgrade).
#pragma once

#include <string_view>

namespace tandem::base {

std::string_view version();  // "0.1.0"

}  // namespace tandem::base

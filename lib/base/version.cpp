// SPDX-License-Identifier: Apache-2.0
#include "lib/base/version.h"

namespace tandem::base {

std::string_view version() { return TANDEM_VERSION; }

}  // namespace tandem::base

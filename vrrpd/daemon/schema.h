// SPDX-License-Identifier: Apache-2.0
// The YANG modules of the daemon.
#pragma once

#include <memory>

#include "lib/yang/context.h"
#include "vrrpd/config/from_yang.h"

namespace tandem::vrrpd::daemon {

inline base::Result<std::unique_ptr<yang::Context>> load_schema() {
  return yang::Context::load(yang::default_directory(), config::yang_modules());
}

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
// Private to this folder.
#pragma once

#include "lib/yang/context.h"
#include "lib/yang/handles.h"

namespace tandem::yang {

struct Context::Impl {
  ContextHandle handle;
  cli::Schema schema;
};

}  // namespace tandem::yang

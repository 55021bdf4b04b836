// SPDX-License-Identifier: Apache-2.0
// Converts compiled YANG modules into the schema of the command line. Private to this folder.
#pragma once

#include <libyang/libyang.h>

#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/cli/schema.h"

namespace tandem::yang {

// The configuration nodes of the modules, top-level nodes in the order of `modules`. Each compiled node points to its
// counterpart (`priv`), so the result must live as long as the context. Fails on a type that no command can express;
// the error names the node.
base::Result<cli::Schema> make_schema(const ly_ctx* context, const std::vector<std::string>& modules);

}  // namespace tandem::yang

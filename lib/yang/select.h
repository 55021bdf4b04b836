// SPDX-License-Identifier: Apache-2.0
// Selects parts of instance data by path, for state, which is made on request and not stored.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/cli/data_path.h"
#include "lib/yang/context.h"

namespace tandem::yang {

// Parses paths (lib/cli/data_path.h). Fails on a text that is not a path, or with a name that no module has; the error
// names the place. No text reaches libyang.
base::Result<std::vector<cli::DataPath>> read_paths(const Context& context, std::string_view text);

// Takes JSON instance data (RFC 7951) with state, and returns the selected nodes with the entries and containers around
// them, as JSON. One walk: it takes as long as reading the data. Names are prefixed with their module where it changes,
// as in the data. The caller must pass data that the modules describe; tests compare the program with its model.
base::Result<std::string> select(const Context& context, std::string_view json,
                                 const std::vector<cli::DataPath>& paths);

}  // namespace tandem::yang

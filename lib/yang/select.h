// SPDX-License-Identifier: Apache-2.0
// Parts of instance data, by path: for state, which is made on request and never stored.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/cli/data_path.h"
#include "lib/yang/context.h"

namespace tandem::yang {

// Reads paths (lib/cli/data_path.h). Fails, in words that name the place, on a text that is none or that names what no
// module has. Nothing of the text reaches libyang.
base::Result<std::vector<cli::DataPath>> read_paths(const Context& context, std::string_view text);

// Takes JSON instance data (RFC 7951) with state, and returns what the paths select of it, with the entries and
// containers that it stands in, as JSON. One walk: the time is that of reading the data. Names are prefixed with their
// module where it changes, as in the data. Data that the modules do not describe is a broken promise of the caller:
// tests hold the program to its model.
base::Result<std::string> select(const Context& context, std::string_view json,
                                 const std::vector<cli::DataPath>& paths);

}  // namespace tandem::yang

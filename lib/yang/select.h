// SPDX-License-Identifier: Apache-2.0
// Parts of instance data, by XPath: for state, which is made on request and never stored.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/yang/context.h"

namespace tandem::yang {

// Takes JSON instance data (RFC 7951) with state, and returns what `xpath` selects of it, with the entries and
// containers that it stands in, as JSON; "/" selects all. Names are prefixed with their module where it changes, as in
// the data. Fails, in words, on an expression that is none or that names what no module has. Data that the modules do
// not describe is a broken invariant: tests hold the program to its model.
base::Result<std::string> select(const Context& context, std::string_view json, const std::string& xpath);

}  // namespace tandem::yang

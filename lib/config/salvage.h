// SPDX-License-Identifier: Apache-2.0
// What another version has printed as its running configuration may have lines that this one does not know, or does not
// allow. A gateway goes on with the rest of it: each of those lines is left out, and told.
#pragma once

#include <functional>
#include <vector>

#include "lib/config/transactions.h"

namespace tandem::config {

using Load = std::function<CommitResult(const File&)>;

struct Salvaged {
  CommitResult loaded;            // refused: what is wrong has no line
  std::vector<Refusal> left_out;  // by line
};
Salvaged salvage(File file, const Load& load);

}  // namespace tandem::config

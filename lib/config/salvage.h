// SPDX-License-Identifier: Apache-2.0
// Loads a running configuration that another version has printed. Lines that this version does not know or allow are left out
// and returned: a gateway continues with the others.
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

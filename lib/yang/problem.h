// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace tandem::yang {

// One error of a tree or an edit.
struct Problem {
  std::string path;      // instance path of the node; may be empty
  std::string message;   // of the model (`error-message`) or of libyang
  std::size_t line = 0;  // in the text that was parsed; 0: unknown
};

}  // namespace tandem::yang

// SPDX-License-Identifier: Apache-2.0
// Invariants: a broken one aborts, in production too. Input of a peer or an operator can never reach such a check.
#pragma once

namespace tandem::base {

[[noreturn]] void invariant_failed(const char* expression, const char* file, int line);

}  // namespace tandem::base

#define TANDEM_INVARIANT(expression) \
  ((expression) ? static_cast<void>(0) : ::tandem::base::invariant_failed(#expression, __FILE__, __LINE__))

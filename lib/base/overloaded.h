// SPDX-License-Identifier: Apache-2.0
// One function object out of several lambdas: std::visit() calls the one that fits the alternative.
#pragma once

namespace tandem::base {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace tandem::base

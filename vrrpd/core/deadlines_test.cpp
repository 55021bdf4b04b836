// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/core/deadlines.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <set>

namespace tandem::vrrpd::core {
namespace {

Deadlines::Entry any_entry() {
  return {TimePoint(Duration(*rc::gen::inRange(0, 50))), RouterId{*rc::gen::inRange<std::uint32_t>(0, 5)}};
}

// Behaves as a sorted multiset does, for every sequence of operations.
RC_GTEST_PROP(DeadlinesTest, KeepTheEarliestOnTop, ()) {
  Deadlines deadlines;
  std::multiset<Deadlines::Entry> model;
  const int steps = *rc::gen::inRange(1, 200);
  for (int i = 0; i < steps; ++i) {
    switch (model.empty() ? 0 : *rc::gen::inRange(0, 5)) {
      case 1:
        model.erase(model.begin());
        deadlines.pop();
        break;
      case 2: {
        const Deadlines::Entry later{model.begin()->at + Duration(*rc::gen::inRange(0, 50)), model.begin()->id};
        model.erase(model.begin());
        model.insert(later);
        deadlines.replace_top(later.at);
        break;
      }
      case 3: {
        const RouterId gone{*rc::gen::inRange<std::uint32_t>(0, 5)};
        std::erase_if(model, [&](const Deadlines::Entry& entry) { return entry.id == gone; });
        deadlines.erase_if([&](const Deadlines::Entry& entry) { return entry.id == gone; });
        break;
      }
      default: {
        const Deadlines::Entry entry = any_entry();
        model.insert(entry);
        deadlines.push(entry);
      }
    }
    RC_ASSERT(deadlines.size() == model.size());
    const bool same_top = model.empty() || deadlines.top() == *model.begin();
    RC_ASSERT(same_top);
  }
}

}  // namespace
}  // namespace tandem::vrrpd::core

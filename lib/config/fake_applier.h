// SPDX-License-Identifier: Apache-2.0
// A daemon for tests: applies nothing, counts, and refuses what a test tells it to.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/config/applier.h"

namespace tandem::config {

class FakeApplier final : public Applier {
 public:
  Preparation prepare(const yang::Tree&) override {
    if (!objections.empty()) {
      return base::Unexpected<std::vector<Objection>>(objections);
    }
    return std::make_unique<Change>(*this);
  }

  std::vector<Objection> objections;
  std::string failure;  // of every apply(); empty: none fails
  int applied = 0;
  int undone = 0;

 private:
  class Change final : public Prepared {
   public:
    explicit Change(FakeApplier& owner) : owner_(owner) {}
    base::Result<> apply(const Configuration&) override {
      ++owner_.applied;
      return owner_.failure.empty() ? base::Result<>() : base::Result<>(base::fail("{}", owner_.failure));
    }
    void undo() override { ++owner_.undone; }

   private:
    FakeApplier& owner_;
  };
};

}  // namespace tandem::config

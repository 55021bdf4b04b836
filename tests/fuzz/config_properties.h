// SPDX-License-Identifier: Apache-2.0
// Properties that must hold for all configuration files.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "lib/config/datastore.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/model.h"
#include "vrrpd/config/check.h"
#include "vrrpd/config/from_yang.h"
#include "vrrpd/config/plan.h"

namespace tandem::fuzz {

// The daemon without its kernel: it translates, checks and plans, as vrrpd does.
class DryDaemon : public config::Applier {
 public:
  Preparation prepare(const yang::Tree& candidate) override {
    vrrpd::config::Config next = vrrpd::config::from_yang(candidate);
    if (auto objections = vrrpd::config::check(next); !objections.empty()) {
      return base::Unexpected<std::vector<config::Objection>>(std::move(objections));
    }
    return std::make_unique<Change>(*this, std::move(next));
  }

  bool refuse_next = false;  // the next apply() fails

 private:
  class Change : public config::Prepared {
   public:
    Change(DryDaemon& daemon, vrrpd::config::Config next) : daemon_(daemon), next_(std::move(next)) {}
    base::Result<> apply(const config::Configuration&) override {
      if (std::exchange(daemon_.refuse_next, false)) {
        return base::fail("vrrp 5 on eth1: refused");
      }
      require(vrrpd::config::plan(next_, next_).empty(), "nothing changes between equal configurations");
      vrrpd::config::plan(daemon_.current_, next_);
      daemon_.current_ = std::move(next_);
      return {};
    }
    void undo() override {}

   private:
    DryDaemon& daemon_;
    vrrpd::config::Config next_;
  };

  vrrpd::config::Config current_;
};

using LoadResult = base::Result<config::Datastore::Effect, std::vector<config::Refusal>>;

// Replaces the running configuration, or merges into it.
inline LoadResult load(config::Datastore& store, std::string_view text, config::Datastore::Base base) {
  return store.commit(store.read(store.running(), text, {.base = base}));
}

inline void check_refusals(const std::vector<config::Refusal>& refusals, std::string_view text) {
  require(!refusals.empty(), "a refusal has a reason", text);
  const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
  for (const config::Refusal& refusal : refusals) {
    require(!refusal.message.empty() && refusal.message.find('\n') == std::string::npos, "a reason is one line",
            refusal.message);
    require(refusal.line <= lines, "a reason names a line of the file", refusal.message);
  }
}

// Loads the output of `store` into an empty store: both must be equal.
inline void check_reloads(const config::Datastore& store, const std::string& text) {
  DryDaemon daemon;
  config::Datastore again(*Model::instance().context, daemon);
  const auto loaded = load(again, text, config::Datastore::Base::replaced);
  require(loaded.has_value(), loaded ? "" : loaded.error().front().message.c_str(), text);
  require(again.running() == store.running(), "what was printed is read as the same tree", text);
  require(again.print() == store.print(), "and printed as the same text", text);
  const auto once_more = load(again, text, config::Datastore::Base::merged_into);
  require(once_more.has_value() && again.running() == store.running(), "loading it once more changes nothing", text);
}

// Output with defaults: the values then count as given if the store keeps this (doc/decisions/0003), and they are the
// same.
inline void check_defaults_reload(const config::Datastore& store) {
  const std::string text = store.running().to_json(true);
  DryDaemon daemon;
  config::Datastore again(*Model::instance().context, daemon);
  require(load(again, text, config::Datastore::Base::replaced).has_value(), "a file with the defaults loads", text);
  require(again.running().to_json(true) == text, "what was printed with the defaults says the same", text);
}

inline void check_file(std::string_view text) {
  DryDaemon daemon;
  config::Datastore store(*Model::instance().context, daemon);
  const yang::Tree before = store.running();
  const auto loaded = load(store, text, config::Datastore::Base::replaced);
  if (!loaded) {
    check_refusals(loaded.error(), text);
    require(store.running() == before, "a refused file changes nothing", text);
    return;
  }
  check_reloads(store, store.print());
  check_reloads(store, store.running().to_json(false));
  check_defaults_reload(store);
}

}  // namespace tandem::fuzz

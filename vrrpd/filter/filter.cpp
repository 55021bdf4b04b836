// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/filter/filter.h"

#include "vrrpd/filter/script.h"

namespace tandem::vrrpd::filter {
namespace {

base::Result<> check_names(const Rules& rules) {
  std::set<std::string> interfaces;
  for (const Deaf& deaf : rules.deaf) {
    interfaces.insert(deaf.interface);
  }
  for (const Mute& mute : rules.mute) {
    interfaces.insert(mute.interface);
  }
  for (const std::string& interface : interfaces) {
    if (!nameable(interface)) {
      return base::fail("no rule can be made for an interface called {}", interface);
    }
  }
  return {};
}

}  // namespace

Filter::Filter(const std::string& instance, Opener open)
    : table_(instance.empty() ? "tandem" : "tandem-" + instance), open_(std::move(open)) {}

base::Result<> Filter::load(const Rules& rules) {
  if (rules == loaded_) {
    return {};
  }
  if (rules.empty()) {
    session_.reset();  // its tables go with the session
    loaded_ = rules;
    return {};
  }
  const base::Result<> replaced = replace(rules);
  if (!replaced) {
    return base::fail_with_context("packet filter (nftables table " + table_ + ")", replaced.error());
  }
  loaded_ = rules;
  return {};
}

base::Result<> Filter::replace(const Rules& rules) {
  if (auto named = check_names(rules); !named) {
    return named;
  }
  if (session_ == nullptr) {
    session_ = TANDEM_TRY(open_());
  }
  auto run = session_->run(script(loaded_, rules, table_));
  if (!run && loaded_.empty()) {
    session_.reset();
  }
  return run;
}

}  // namespace tandem::vrrpd::filter

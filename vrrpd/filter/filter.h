// SPDX-License-Identifier: Apache-2.0
// The rules that are in the kernel. They are there from load() on until the filter is destroyed, or the process ends,
// however it ends: an owner's interface is never left mute by a crash.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/nft/session.h"
#include "vrrpd/filter/rules.h"

namespace tandem::vrrpd::filter {

class Filter {
 public:
  using Opener = std::function<base::Result<std::unique_ptr<nft::Session>>()>;
  // `instance` of `-N`: its tables are called tandem-INSTANCE, those without one tandem. Nothing is done to the kernel
  // before there are rules.
  explicit Filter(const std::string& instance, Opener open = nft::Session::open);

  // Replaces what is loaded, as one transaction. Does nothing if it is loaded already; blocks for some 20 ms otherwise.
  // On failure what was loaded stays: "packet filter (nftables table tandem): Operation not supported".
  base::Result<> load(const Rules& rules);
  const Rules& loaded() const { return loaded_; }

 private:
  base::Result<> replace(const Rules& rules);

  std::string table_;
  Opener open_;
  std::unique_ptr<nft::Session> session_;  // while there are rules
  Rules loaded_;
};

}  // namespace tandem::vrrpd::filter

// SPDX-License-Identifier: Apache-2.0
// The rules in the kernel. They exist from load() until the filter is destroyed or the process ends, also by a crash: a
// crash never leaves an owner's interface mute.
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
  // `instance` is the argument of `-N`. The tables are called tandem-INSTANCE, or tandem without an instance. The
  // kernel is not changed before there are rules.
  explicit Filter(const std::string& instance, Opener open = nft::Session::open);

  // Replaces the loaded rules in one transaction, which blocks for about 20 ms. Does nothing if they are equal. On
  // failure the old rules stay: "packet filter (nftables table tandem): Operation not supported".
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

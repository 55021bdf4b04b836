// SPDX-License-Identifier: Apache-2.0
// Commands of nft(8) to the kernel's packet filter. A table that is created with `flags owner` (Linux 5.12) belongs to
// the session that created it: no other process can change or flush it, and the kernel removes it when the session
// ends, also when the process is killed.
#pragma once

#include <memory>
#include <string>

#include "lib/base/result.h"

namespace tandem::nft {

class Session {
 public:
  // Fails if the kernel has no netfilter. A session has no effect on the kernel until it runs something.
  static base::Result<std::unique_ptr<Session>> open();
  virtual ~Session() = default;

  // Runs the commands as one transaction: either all take effect at the same moment, or none does. Blocks while the
  // kernel waits for packets under way, about 20 ms. The error is the first that nft reports: "Could not process rule:
  // File exists".
  virtual base::Result<> run(const std::string& commands) = 0;
};

}  // namespace tandem::nft

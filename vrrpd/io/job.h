// SPDX-License-Identifier: Apache-2.0
// An operation for another thread, which has no InterfaceTable.
#pragma once

#include <string>

#include "vrrpd/io/operation.h"

namespace tandem::vrrpd::io {

struct Job {
  Operation operation;
  std::string name;  // of the interface that it is about; empty if that is still to be created, or gone
};

}  // namespace tandem::vrrpd::io

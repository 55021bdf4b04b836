// SPDX-License-Identifier: Apache-2.0
// The part of codec.h for grammars. Private to this folder.
#pragma once

#include "lib/base/result.h"
#include "lib/cli/grammar.h"
#include "management.pb.h"

namespace tandem::ipc {

void to_proto(const cli::Grammar& grammar, proto::Grammar& message);
base::Result<cli::Grammar> from_proto(const proto::Grammar& message);

}  // namespace tandem::ipc

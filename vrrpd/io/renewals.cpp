// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/renewals.h"

#include <algorithm>

#include "vrrpd/io/limits.h"

namespace tandem::vrrpd::io {

Renewals::Renewals(event::Loop& loop, Execute execute, Done on_done)
    : on_done_(std::move(on_done)),
      pieces_("renewals", loop, std::move(execute),
              [this](const std::vector<AddAddress>&, bool succeeded) { on_piece_done(succeeded); }) {}

void Renewals::start(std::span<const AddAddress> due) {
  all_ = true;
  while (!due.empty()) {
    const auto piece = due.first(std::min(due.size(), kMaxOperationsPerStep));
    pieces_.begin({piece.begin(), piece.end()});
    due = due.subspan(piece.size());
  }
}

void Renewals::on_piece_done(bool succeeded) {
  all_ = all_ && succeeded;
  if (!is_running()) {
    on_done_(all_);
  }
}

}  // namespace tandem::vrrpd::io

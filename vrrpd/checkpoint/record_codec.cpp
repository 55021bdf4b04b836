// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/checkpoint/codec.h"
#include "vrrpd/checkpoint/decoding.h"
#include "vrrpd/checkpoint/plausible.h"

namespace tandem::vrrpd::checkpoint {
namespace {

bool is_plausible_master(const std::optional<core::MasterInfo>& master) {
  return !master || is_interval(master->advertisement_interval);
}

bool has_plausible_intervals(const core::SavedState& state) {
  return (!state.backup.learned_interval || is_interval(*state.backup.learned_interval)) &&
         is_plausible_master(state.master) && is_plausible_master(state.backup.not_followed);
}

}  // namespace

std::size_t encode(const config::RouterKey& key, const core::SavedState& state, const Past& past,
                   std::span<std::byte> room) {
  Output output(room);
  put_fields(output, key);
  put_fields(output, state);
  put_fields(output, past);
  return output.fits() ? output.size() : 0;
}

std::optional<Record> decode_record(Bytes bytes) {
  auto record = base::blank<Record>();
  if (!decode(bytes, record) || !is_plausible(record) || !has_plausible_intervals(record.state)) {
    return std::nullopt;
  }
  core::SavedState& state = record.state;
  if (!state.source || state.source->family() != record.key.family) {
    state.source.reset();
    state.state = core::State::initialize;  // it cannot send: the router starts anew
  }
  return record;
}

}  // namespace tandem::vrrpd::checkpoint

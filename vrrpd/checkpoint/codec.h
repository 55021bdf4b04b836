// SPDX-License-Identifier: Apache-2.0
// The state that a worker passes to the next one, as bytes that another version can read too
// (doc/decisions/0037-checkpoint-for-other-versions.md): the described fields of the structs (lib/base/fields.h) as
// protobuf messages. Every field with a number in the description is written and read; a new field needs no code here.
//
// A configuration has the fields that the virtual routers need before YANG has been read. A field that is missing, or
// that has another meaning in another version, is corrected when the next worker compares the configuration with the
// full one.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "vrrpd/config/model.h"
#include "vrrpd/config/plan.h"
#include "vrrpd/core/saved_state.h"

namespace tandem::vrrpd::checkpoint {

using Bytes = std::span<const std::byte>;

// The link of the router's interface, for the startup delay.
struct LinkUp {
  base::TimePoint since{};  // when it came up, or when vrrpd was started, if that was later
  std::uint32_t ups = 0;    // how often it has come up, by the kernel's counter
  bool operator==(const LinkUp&) const = default;
};
constexpr auto describe(base::Type<LinkUp>) {
  return base::fields<LinkUp>(base::field(25, "link-since", &LinkUp::since), base::field(26, "link-ups", &LinkUp::ups));
}

// Data that the state machine does not use for decisions: shown to operators, or about the interface.
struct Past {
  base::WallTime since{};  // start of the current state
  core::Statistics statistics{};
  LinkUp link{};
  bool operator==(const Past&) const = default;
};
constexpr auto describe(base::Type<Past>) {
  return base::fields<Past>(base::field(18, "since", &Past::since), base::field(19, "statistics", &Past::statistics),
                            base::part(&Past::link));
}

// One virtual router. The numbers of all nested structs are from one range: 1 to 26 are in use.
struct Record {
  config::RouterKey key;
  core::SavedState state;
  Past past;
};
constexpr auto describe(base::Type<Record>) {
  return base::fields<Record>(base::part(&Record::key), base::part(&Record::state), base::part(&Record::past));
}

// Writes the record of one router into `room`. Does not allocate, since it runs in each turn of the loop. Returns the
// size in bytes; 0: `room` is too small, and its content is unspecified.
std::size_t encode(const config::RouterKey& key, const core::SavedState& state, const Past& past,
                   std::span<std::byte> room);

// nullopt: the bytes are not a record, or a value exceeds limits.h.
std::optional<Record> decode_record(Bytes bytes);

std::string encode(const config::Config& configuration);
// nullopt: the bytes are not a configuration. Leaves out a group that this version cannot run.
std::optional<config::Config> decode_configuration(Bytes bytes);

}  // namespace tandem::vrrpd::checkpoint

// SPDX-License-Identifier: Apache-2.0
// What a worker leaves to the next one, as bytes that another version can read as well (checkpoint.proto). A
// configuration says here what the virtual routers need before YANG has been read; what is left out, or has another
// meaning in another version, is found and put right when the next worker compares with the full configuration.
#pragma once

#include <cstddef>
#include <memory>
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
  base::TimePoint since{};  // when it came up, or vrrpd was started, if that was later
  std::uint32_t ups = 0;    // how often it has come up, as the kernel counts
  bool operator==(const LinkUp&) const = default;
};

// What the protocol does not remember itself: for people, and of the interface.
struct Past {
  base::WallTime since{};  // of the state
  core::Statistics statistics{};
  LinkUp link{};
};

struct Record {
  config::RouterKey key;
  core::SavedState memory;
  Past past;
};

// Written in each turn of the loop: an object keeps the memory that it needs, so that no turn allocates.
class RecordEncoder {
 public:
  RecordEncoder();
  ~RecordEncoder();
  // The bytes written; 0 if there is no room for them.
  std::size_t encode(const config::RouterKey& key, const core::SavedState& memory, const Past& past,
                     std::span<std::byte> room);

 private:
  struct Message;
  std::unique_ptr<Message> message_;
};

// Nothing if the bytes are not a record.
std::optional<Record> decode_record(Bytes bytes);

std::string encode(const config::Config& configuration);
// Nothing if the bytes are not a configuration. A group that this version cannot run is left out.
std::optional<config::Config> decode_configuration(Bytes bytes);

}  // namespace tandem::vrrpd::checkpoint

// SPDX-License-Identifier: Apache-2.0
// The number of each enumerator in a checkpoint. A number never changes its meaning and is never used again. Private to
// this folder.
#pragma once

#include <cstdint>
#include <optional>

#include "lib/base/enumerators.h"
#include "vrrpd/core/types.h"

namespace tandem::vrrpd::checkpoint {

// of(): the number; nullopt: not an enumerator. kUnknown: the enumerator that stands for a number of a later version;
// without kUnknown, a message with such a number is refused.
template <class Enum>
struct Numbers;

using Number = std::optional<std::uint32_t>;

template <>
struct Numbers<core::Family> {
  static constexpr Number of(core::Family family) {
    switch (family) {
      case core::Family::ipv4:
        return 4;
      case core::Family::ipv6:
        return 6;
    }
    return std::nullopt;
  }
};

template <>
struct Numbers<core::Version> {
  static constexpr Number of(core::Version version) {
    switch (version) {
      case core::Version::v2:
        return 2;
      case core::Version::v3:
        return 3;
    }
    return std::nullopt;
  }
};

template <>
struct Numbers<core::State> {
  static constexpr core::State kUnknown = core::State::initialize;  // the router starts anew
  static constexpr Number of(core::State state) {
    switch (state) {
      case core::State::initialize:
        return 0;
      case core::State::backup:
        return 1;
      case core::State::master:
        return 2;
    }
    return std::nullopt;
  }
};

template <>
struct Numbers<core::ChecksumMode> {
  static constexpr core::ChecksumMode kUnknown = core::ChecksumMode::automatic;
  static constexpr Number of(core::ChecksumMode mode) {
    switch (mode) {
      case core::ChecksumMode::automatic:
        return 0;
      case core::ChecksumMode::pseudoheader:
        return 1;
      case core::ChecksumMode::message_only:
        return 2;
    }
    return std::nullopt;
  }
};

template <>
struct Numbers<packet::ChecksumForm> {
  static constexpr Number of(packet::ChecksumForm form) {
    switch (form) {
      case packet::ChecksumForm::pseudoheader:
        return 1;
      case packet::ChecksumForm::message_only:
        return 2;
    }
    return std::nullopt;
  }
};

template <>
struct Numbers<packet::Drop> {
  static constexpr Number of(packet::Drop drop) {
    using packet::Drop;
    switch (drop) {
      case Drop::ip_header:
        return 1;
      case Drop::destination:
        return 2;
      case Drop::ttl:
        return 3;
      case Drop::too_short:
        return 4;
      case Drop::version:
        return 5;
      case Drop::type:
        return 6;
      case Drop::length:
        return 7;
      case Drop::checksum:
        return 8;
      case Drop::auth_type:
        return 9;
      case Drop::unknown_vrid:
        return 10;
      case Drop::address_count_zero:
        return 11;
      case Drop::interval_zero:
        return 12;
      case Drop::first_address:
        return 13;
      case Drop::own_source:
        return 14;
      case Drop::interval_mismatch:
        return 15;
      case Drop::address_list:
        return 16;
    }
    return std::nullopt;
  }
};

template <class Enum>
concept Numbered = requires(Enum value) { Numbers<Enum>::of(value); };

}  // namespace tandem::vrrpd::checkpoint

// SPDX-License-Identifier: Apache-2.0
// For the decoders of this folder only: how netlink lays out values and attributes. Nothing outside of the bytes given
// is read.
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "lib/base/bytes.h"

namespace tandem::netlink {

using base::Bytes;

constexpr std::size_t align(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

// Reads a T of host byte order from the front of `bytes`; nothing if they are too few.
template <class T>
std::optional<T> read(Bytes bytes) {
  if (bytes.size() < sizeof(T)) {
    return std::nullopt;
  }
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  return value;
}

inline Bytes skip(Bytes bytes, std::size_t count) { return bytes.subspan(std::min(count, bytes.size())); }

// Calls `visit(type, payload)` for each attribute; false if the attributes are damaged.
template <class Visit>
bool for_each_attribute(Bytes bytes, Visit visit) {
  while (!bytes.empty()) {
    const auto header = read<rtattr>(bytes);
    if (!header || header->rta_len < sizeof(rtattr) || header->rta_len > bytes.size()) {
      return false;
    }
    const int type = header->rta_type & NLA_TYPE_MASK;
    visit(type, bytes.first(header->rta_len).subspan(sizeof(rtattr)));
    bytes = skip(bytes, align(header->rta_len));
  }
  return true;
}

}  // namespace tandem::netlink

// SPDX-License-Identifier: Apache-2.0
// The inverse of encoding.h. The bytes may be of another version or damaged: the decoder skips an unknown number,
// leaves the value of a missing field unchanged, and refuses a number that is not a value of its type. Private to this
// folder.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "vrrpd/checkpoint/encoding.h"

namespace tandem::vrrpd::checkpoint {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Zero is no value of these types: a message without such a field is refused.
template <class Value>
constexpr bool is_required = std::same_as<Value, core::Vrid> || std::same_as<Value, core::Version> ||
                             std::same_as<Value, core::Family> || std::same_as<Value, base::IpAddress>;

template <class Value>
constexpr WireType wire_type_of() {
  return Point<Value> ? kFixed64 : is_varint<Value> ? kVarint : kBytes;
}

// ---- from numbers and bytes; return false if the input is not a value of the type

template <Numbered Enum>
bool from_varint(const base::FieldInfo& /*field*/, std::uint64_t number, Enum& value) {
  const auto wanted =
      number <= std::numeric_limits<std::uint32_t>::max() ? Number(static_cast<std::uint32_t>(number)) : std::nullopt;
  const std::optional<Enum> found = wanted ? base::find_enumerator<Numbers<Enum>::of>(wanted) : std::nullopt;
  if constexpr (requires { Numbers<Enum>::kUnknown; }) {
    value = found.value_or(Numbers<Enum>::kUnknown);
    return true;
  }
  value = found.value_or(value);
  return found.has_value();
}
template <std::integral Integer>
bool from_varint(const base::FieldInfo& /*field*/, std::uint64_t number, Integer& value) {
  if constexpr (std::same_as<Integer, bool>) {
    value = number != 0;
    return true;
  } else if constexpr (std::is_signed_v<Integer>) {
    const auto wide = static_cast<std::int64_t>(number);
    value = static_cast<Integer>(wide);
    return std::in_range<Integer>(wide);
  } else {
    value = static_cast<Integer>(number);
    return std::in_range<Integer>(number);
  }
}
inline bool from_varint(const base::FieldInfo& field, std::uint64_t number, base::Duration& value) {
  const auto count = static_cast<std::int64_t>(number);
  const bool overflows = field.whole_seconds && (count > base::Duration::max().count() / microseconds_in_a_second ||
                                                 count < base::Duration::min().count() / microseconds_in_a_second);
  if (!overflows) {
    value = base::Duration(field.whole_seconds ? count * microseconds_in_a_second : count);
  }
  return !overflows;
}
inline bool from_varint(const base::FieldInfo& /*field*/, std::uint64_t number, std::chrono::seconds& value) {
  value = std::chrono::seconds(static_cast<std::int64_t>(number));
  return true;
}
inline bool from_varint(const base::FieldInfo& /*field*/, std::uint64_t number, core::Vrid& value) {
  const auto vrid = number <= std::numeric_limits<std::uint8_t>::max() ? core::Vrid::from(static_cast<unsigned>(number))
                                                                       : std::nullopt;
  value = vrid.value_or(value);
  return vrid.has_value();
}

inline bool from_bytes(const std::string& bytes, base::IpAddress& address) {
  for (const core::Family family : {core::Family::ipv4, core::Family::ipv6}) {
    if (bytes.size() == base::IpAddress::size_of(family)) {
      address = base::IpAddress::from_bytes({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
      return true;
    }
  }
  return false;
}
inline bool from_bytes(const std::string& bytes, base::IpPrefix& prefix) {
  prefix.length = static_cast<std::uint8_t>(bytes.empty() ? 0 : bytes.back());
  return !bytes.empty() && from_bytes(bytes.substr(0, bytes.size() - 1), prefix.address) &&
         prefix.length <= base::IpAddress::width(prefix.address.family());
}
inline bool from_bytes(const std::string& bytes, std::string& text) {
  text = bytes;
  return true;
}

// ---- fields

template <class Struct>
bool get_fields(CodedInputStream& input, Struct& value);

inline bool get_bytes(CodedInputStream& input, std::string& bytes) {
  std::uint32_t size = 0;
  return input.ReadVarint32(&size) && size <= std::numeric_limits<int>::max() &&
         input.ReadString(&bytes, static_cast<int>(size));
}

template <class Struct>
bool get_message(CodedInputStream& input, Struct& value) {
  std::uint32_t size = 0;
  if (!input.ReadVarint32(&size) || size > std::numeric_limits<int>::max() ||
      static_cast<int>(size) > input.BytesUntilLimit()) {
    return false;
  }
  const auto outer = input.PushLimit(static_cast<int>(size));
  const bool fine = get_fields(input, value);
  input.PopLimit(outer);
  return fine;
}

template <class Value>
bool get(CodedInputStream& input, const base::FieldInfo& field, Value& value) {
  if constexpr (Point<Value>) {
    std::uint64_t number = 0;
    const bool read = input.ReadLittleEndian64(&number);
    value = Value(base::Duration(static_cast<std::int64_t>(number)));
    return read;
  } else if constexpr (is_varint<Value>) {
    std::uint64_t number = 0;
    return input.ReadVarint64(&number) && from_varint(field, number, value);
  } else if constexpr (base::Described<Value>) {
    return get_message(input, value);
  } else {
    std::string bytes;
    return get_bytes(input, bytes) && from_bytes(bytes, value);
  }
}
// An enumerator of a later version reads as nullopt.
template <Numbered Enum>
bool get(CodedInputStream& input, const base::FieldInfo& field, std::optional<Enum>& value) {
  std::uint64_t number = 0;
  Enum found{};
  if (!input.ReadVarint64(&number)) {
    return false;
  }
  value = from_varint(field, number, found) ? std::optional(found) : std::nullopt;
  return true;
}
template <class Value>
bool get(CodedInputStream& input, const base::FieldInfo& field, std::optional<Value>& value) {
  value = base::blank<Value>();
  return get(input, field, *value);
}
template <class Element>
bool get(CodedInputStream& input, const base::FieldInfo& field, std::vector<Element>& all) {
  auto element = base::blank<Element>();
  const bool read = get(input, field, element);
  all.push_back(std::move(element));
  return read;
}
// Skips a reason of a later version.
inline bool get(CodedInputStream& input, const base::FieldInfo& /*field*/, packet::DropCounters& drops) {
  DropCount read;
  if (!get_message(input, read)) {
    return false;
  }
  if (const auto drop = base::find_enumerator<Numbers<packet::Drop>::of>(Number(read.reason))) {
    drops.set(*drop, read.count);
  }
  return true;
}

template <class Value>
struct WireTypeOf {
  static constexpr WireType kType = wire_type_of<Value>();
};
template <class Value>
struct WireTypeOf<std::optional<Value>> : WireTypeOf<Value> {};
template <class Element>
struct WireTypeOf<std::vector<Element>> {
  static constexpr WireType kType = kBytes;
};

// Reads up to the end of the input or of its limit.
template <class Struct>
bool get_fields(CodedInputStream& input, Struct& value) {
  std::uint64_t missing = 0;  // a bit for each field, in the order of the description
  std::uint64_t bit = 1;
  base::for_each_field(value, [&]<class Value>(const base::FieldInfo&, Value&) {
    missing |= is_required<Value> ? bit : 0;
    bit <<= 1;
  });
  while (const std::uint32_t tag = input.ReadTag()) {
    enum class Outcome { unknown, read, refused } outcome = Outcome::unknown;
    bit = 1;
    base::for_each_field(value, [&]<class Value>(const base::FieldInfo& field, Value& member) {
      if (field.number != 0 && tag == tag_of(field.number, WireTypeOf<Value>::kType)) {
        outcome = get(input, field, member) ? Outcome::read : Outcome::refused;
        missing &= ~bit;
      }
      bit <<= 1;
    });
    if (outcome == Outcome::refused || (outcome == Outcome::unknown && !WireFormatLite::SkipField(&input, tag))) {
      return false;
    }
  }
  return input.ConsumedEntireMessage() && missing == 0;
}

// Reads into `value`, which is blank. False: the bytes are not such a message.
template <class Struct>
bool decode(std::span<const std::byte> bytes, Struct& value) {
  if (bytes.size() > std::numeric_limits<int>::max()) {
    return false;
  }
  CodedInputStream input(reinterpret_cast<const std::uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  const auto whole = input.PushLimit(static_cast<int>(bytes.size()));
  const bool fine = get_fields(input, value);
  input.PopLimit(whole);
  return fine;
}

}  // namespace tandem::vrrpd::checkpoint

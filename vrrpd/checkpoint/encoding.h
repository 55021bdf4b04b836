// SPDX-License-Identifier: Apache-2.0
// Described structs (lib/base/fields.h) as protobuf messages: a field with its number, in any order. A value that is
// zero or empty is left out, unless it is in an optional. Private to this folder.
//
//   varint     bool, integers, Duration (microseconds, or seconds), seconds, Vrid, enumerators (numbers.h)
//   fixed64    TimePoint, WallTime (microseconds)
//   bytes      text; addresses (4 or 16 bytes); prefixes (an address and one byte, the length); structs
#pragma once

#include <google/protobuf/io/coded_stream.h>

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/fields.h"
#include "vrrpd/checkpoint/numbers.h"

namespace tandem::vrrpd::checkpoint {

using google::protobuf::io::CodedOutputStream;

enum WireType : std::uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2 };

constexpr std::uint32_t tag_of(std::uint32_t number, WireType type) { return number << 3 | type; }

template <class Value>
concept Point = std::same_as<Value, base::TimePoint> || std::same_as<Value, base::WallTime>;

constexpr std::int64_t microseconds_in_a_second = 1'000'000;

// ---- values as numbers

template <class Value>
constexpr bool is_varint = std::integral<Value> || Numbered<Value> || std::same_as<Value, base::Duration> ||
                           std::same_as<Value, std::chrono::seconds> || std::same_as<Value, core::Vrid>;

template <class Value>
constexpr std::uint64_t varint_of(const base::FieldInfo& field, const Value& value) {
  if constexpr (Numbered<Value>) {
    return Numbers<Value>::of(value).value_or(0);
  } else if constexpr (std::same_as<Value, core::Vrid>) {
    return value.value();
  } else if constexpr (std::same_as<Value, base::Duration>) {
    return static_cast<std::uint64_t>(field.whole_seconds ? value.count() / microseconds_in_a_second : value.count());
  } else if constexpr (std::same_as<Value, std::chrono::seconds>) {
    return static_cast<std::uint64_t>(value.count());
  } else {
    return static_cast<std::uint64_t>(value);  // a negative value takes 64 bits
  }
}

inline std::string_view bytes_of(const std::string& text) { return text; }
inline std::string_view bytes_of(const base::IpAddress& address) {
  return {reinterpret_cast<const char*>(address.bytes().data()), address.bytes().size()};
}

// ---- sinks

// Counts the bytes that Output would write.
class Size {
 public:
  void varint(std::uint32_t number, std::uint64_t value) { size_ += tag_size(number) + varint_size(value); }
  void fixed(std::uint32_t number, std::uint64_t /*value*/) { size_ += tag_size(number) + sizeof(std::uint64_t); }
  void bytes(std::uint32_t number, std::string_view first, std::string_view second = {}) {
    head(number, first.size() + second.size());
    size_ += first.size() + second.size();
  }
  void head(std::uint32_t number, std::size_t length) { size_ += tag_size(number) + varint_size(length); }
  std::size_t size() const { return size_; }

  static std::size_t varint_size(std::uint64_t value) { return CodedOutputStream::VarintSize64(value); }
  static std::size_t tag_size(std::uint32_t number) { return varint_size(tag_of(number, kVarint)); }

 private:
  std::size_t size_ = 0;
};

// Writes into `room`. A value that does not fit makes fits() false for good; the content is then unspecified.
class Output {
 public:
  explicit Output(std::span<std::byte> room) : room_(room) {}

  void varint(std::uint32_t number, std::uint64_t value) {
    if (take(Size::tag_size(number) + Size::varint_size(value))) {
      at_ = CodedOutputStream::WriteVarint32ToArray(tag_of(number, kVarint), at_);
      at_ = CodedOutputStream::WriteVarint64ToArray(value, at_);
    }
  }
  void fixed(std::uint32_t number, std::uint64_t value) {
    if (take(Size::tag_size(number) + sizeof value)) {
      at_ = CodedOutputStream::WriteVarint32ToArray(tag_of(number, kFixed64), at_);
      at_ = CodedOutputStream::WriteLittleEndian64ToArray(value, at_);
    }
  }
  void bytes(std::uint32_t number, std::string_view first, std::string_view second = {}) {
    head(number, first.size() + second.size());
    raw(first);
    raw(second);
  }
  // The head of a message; its content follows.
  void head(std::uint32_t number, std::size_t length) {
    if (take(Size::tag_size(number) + Size::varint_size(length))) {
      at_ = CodedOutputStream::WriteVarint32ToArray(tag_of(number, kBytes), at_);
      at_ = CodedOutputStream::WriteVarint64ToArray(length, at_);
    }
  }
  bool fits() const { return fits_; }
  std::size_t size() const { return used_; }

 private:
  bool take(std::size_t size) {
    fits_ = fits_ && size <= room_.size() - used_;
    used_ += fits_ ? size : 0;
    return fits_;
  }
  void raw(std::string_view text) {
    if (take(text.size()) && !text.empty()) {
      std::memcpy(at_, text.data(), text.size());
      at_ += text.size();
    }
  }

  std::span<std::byte> room_;
  std::uint8_t* at_ = reinterpret_cast<std::uint8_t*>(room_.data());
  std::size_t used_ = 0;
  bool fits_ = true;
};

// ---- fields

enum class Zero { left_out, written };

template <class Sink, class Struct>
void put_fields(Sink& sink, const Struct& value);

template <class Struct>
std::size_t size_of(const Struct& value) {
  Size size;
  put_fields(size, value);
  return size.size();
}

template <class Sink, class Struct>
void put_message(Sink& sink, std::uint32_t number, const Struct& value) {
  sink.head(number, size_of(value));
  put_fields(sink, value);
}

// An entry of packet::DropCounters, as a message of its own.
struct DropCount {
  std::uint32_t reason = 0;
  std::uint64_t count = 0;
};
constexpr auto describe(base::Type<DropCount>) {
  return base::fields<DropCount>(base::field(1, "reason", &DropCount::reason),
                                 base::field(2, "count", &DropCount::count));
}

template <class Sink>
void put_drops(Sink& sink, std::uint32_t number, const packet::DropCounters& drops) {
  for (const packet::Drop drop : packet::kDrops) {
    if (const std::uint64_t count = drops[drop]; count != 0) {
      put_message(sink, number, DropCount{Numbers<packet::Drop>::of(drop).value_or(0), count});
    }
  }
}

template <class Sink, class Element>
void put_each(Sink& sink, std::uint32_t number, const std::vector<Element>& all) {
  for (const Element& each : all) {
    if constexpr (std::same_as<Element, base::IpPrefix>) {
      const char length = static_cast<char>(each.length);
      sink.bytes(number, bytes_of(each.address), {&length, 1});
    } else if constexpr (base::Described<Element>) {
      put_message(sink, number, each);
    } else {
      sink.bytes(number, bytes_of(each));
    }
  }
}

template <class Sink, class Value>
void put(Sink& sink, const base::FieldInfo& field, const Value& value, Zero zero = Zero::left_out) {
  if constexpr (Point<Value>) {
    const auto number = static_cast<std::uint64_t>(value.time_since_epoch().count());
    if (number != 0 || zero == Zero::written) {
      sink.fixed(field.number, number);
    }
  } else if constexpr (is_varint<Value>) {
    const std::uint64_t number = varint_of(field, value);
    if (number != 0 || zero == Zero::written) {
      sink.varint(field.number, number);
    }
  } else if constexpr (base::Described<Value>) {
    put_message(sink, field.number, value);
  } else if (const std::string_view bytes = bytes_of(value); !bytes.empty() || zero == Zero::written) {
    sink.bytes(field.number, bytes);
  }
}
template <class Sink, class Value>
void put(Sink& sink, const base::FieldInfo& field, const std::optional<Value>& value) {
  if (value) {
    put(sink, field, *value, Zero::written);
  }
}
template <class Sink, class Element>
void put(Sink& sink, const base::FieldInfo& field, const std::vector<Element>& all) {
  put_each(sink, field.number, all);
}
template <class Sink>
void put(Sink& sink, const base::FieldInfo& field, const packet::DropCounters& drops) {
  put_drops(sink, field.number, drops);
}

template <class Sink, class Struct>
void put_fields(Sink& sink, const Struct& value) {
  base::for_each_field(value, [&sink](const base::FieldInfo& field, const auto& member) { put(sink, field, member); });
}

template <class Struct>
std::string encoded(const Struct& value) {
  std::string text(size_of(value), '\0');
  Output output(std::as_writable_bytes(std::span(text)));
  put_fields(output, value);
  return text;
}

}  // namespace tandem::vrrpd::checkpoint

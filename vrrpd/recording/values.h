// SPDX-License-Identifier: Apache-2.0
// Conversions between single values and the words of a recording. Private to this folder. A word contains no blank; "-"
// stands for nullopt and for an empty list.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/base/enumerators.h"
#include "lib/base/fields.h"
#include "vrrpd/recording/input.h"

namespace tandem::vrrpd::recording {

// The word of each enumerator. A missing one does not compile, because the `switch` has no `default`.
template <class Enum>
struct Words;
template <>
struct Words<base::Family> {
  static constexpr std::string_view of(base::Family value) {
    switch (value) {
      case base::Family::ipv4:
        return "ipv4";
      case base::Family::ipv6:
        return "ipv6";
    }
    return {};
  }
};
template <>
struct Words<packet::Version> {
  static constexpr std::string_view of(packet::Version value) {
    switch (value) {
      case packet::Version::v2:
        return "2";
      case packet::Version::v3:
        return "3";
    }
    return {};
  }
};
template <>
struct Words<packet::ChecksumForm> {
  static constexpr std::string_view of(packet::ChecksumForm value) {
    switch (value) {
      case packet::ChecksumForm::pseudoheader:
        return "pseudoheader";
      case packet::ChecksumForm::message_only:
        return "message-only";
    }
    return {};
  }
};
template <>
struct Words<core::ChecksumMode> {
  static constexpr std::string_view of(core::ChecksumMode value) {
    switch (value) {
      case core::ChecksumMode::automatic:
        return "automatic";
      case core::ChecksumMode::pseudoheader:
        return "pseudoheader";
      case core::ChecksumMode::message_only:
        return "message-only";
    }
    return {};
  }
};
template <>
struct Words<core::State> {
  static constexpr std::string_view of(core::State value) {
    switch (value) {
      case core::State::initialize:
        return "initialize";
      case core::State::backup:
        return "backup";
      case core::State::master:
        return "master";
    }
    return {};
  }
};
template <>
struct Words<core::Notice> {
  static constexpr std::string_view of(core::Notice value) {
    switch (value) {
      case core::Notice::packet_dropped:
        return "packet-dropped";
      case core::Notice::interval_mismatch:
        return "interval-mismatch";
      case core::Notice::address_list_mismatch:
        return "address-list-mismatch";
      case core::Notice::owner_conflict:
        return "owner-conflict";
      case core::Notice::equal_priority:
        return "equal-priority";
      case core::Notice::checksum_form_changed:
        return "checksum-form-changed";
      case core::Notice::no_version_2:
        return "no-version-2";
    }
    return {};
  }
};
template <>
struct Words<packet::Drop> {
  static constexpr std::string_view of(packet::Drop drop) { return packet::info(drop).name; }
};

template <class Enum>
concept HasWords = requires(Enum value) { Words<Enum>::of(value); };

std::string to_word(bool value);
std::string to_word(int value);
std::string to_word(std::uint8_t value);
std::string to_word(base::Duration value);  // microseconds
std::string to_word(base::Centiseconds value);
std::string to_word(base::TimePoint value);
std::string to_word(packet::Vrid value);
std::string to_word(const base::IpAddress& value);
std::string to_word(const std::vector<base::IpAddress>& value);
std::string to_word(const core::AddressList& value);

// Return false if the text is not such a value, or if the value would break an invariant of the core; `value` is then
// unspecified.
bool from_word(std::string_view text, bool& value);
bool from_word(std::string_view text, int& value);
bool from_word(std::string_view text, std::uint8_t& value);
bool from_word(std::string_view text, base::Duration& value);  // not negative
bool from_word(std::string_view text, base::Centiseconds& value);
bool from_word(std::string_view text, base::TimePoint& value);
bool from_word(std::string_view text, packet::Vrid& value);
bool from_word(std::string_view text, base::IpAddress& value);
bool from_word(std::string_view text, std::vector<base::IpAddress>& value);
bool from_word(std::string_view text, core::AddressList& value);

template <HasWords Enum>
std::string to_word(Enum value) {
  return std::string(Words<Enum>::of(value));
}
template <HasWords Enum>
bool from_word(std::string_view text, Enum& value) {
  const std::optional<Enum> found = base::find_enumerator<Words<Enum>::of>(text);
  value = found.value_or(value);
  return found.has_value();
}

template <base::Described Struct>
std::string to_word(const Struct& value);
template <base::Described Struct>
bool from_word(std::string_view text, Struct& value);

template <class Value>
std::string to_word(const std::optional<Value>& value) {
  return value ? to_word(*value) : "-";
}
template <class Value>
bool from_word(std::string_view text, std::optional<Value>& value) {
  if (text == "-") {
    value.reset();
    return true;
  }
  value = base::blank<Value>();
  return from_word(text, *value);
}

// The values of the fields with a slash between them: "10.0.0.1/100/1000000".
template <base::Described Struct>
std::string to_word(const Struct& value) {
  std::string text;
  base::for_each_field(value, [&text](const base::FieldInfo&, const auto& member) {
    text += text.empty() ? "" : "/";
    text += to_word(member);
  });
  return text;
}
template <base::Described Struct>
bool from_word(std::string_view text, Struct& value) {
  std::optional<std::string_view> rest = text;
  bool fine = true;
  base::for_each_field(value, [&](const base::FieldInfo&, auto& member) {
    if (!rest) {
      fine = false;
      return;
    }
    const std::size_t slash = rest->find('/');
    fine = fine && from_word(rest->substr(0, slash), member);
    rest = slash == std::string_view::npos ? std::nullopt : std::optional(rest->substr(slash + 1));
  });
  return fine && !rest;
}

}  // namespace tandem::vrrpd::recording

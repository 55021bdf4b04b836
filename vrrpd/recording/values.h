// SPDX-License-Identifier: Apache-2.0
// Single values as words of a recording, and back. Private to this folder. A word has no blank; "-" is nothing.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "vrrpd/recording/input.h"

namespace tandem::vrrpd::recording {

// Each enumeration with its words.
template <class Enum>
struct Words;
template <>
struct Words<bool> {
  static constexpr std::array<std::pair<bool, std::string_view>, 2> kAll{{{false, "no"}, {true, "yes"}}};
};
template <>
struct Words<base::Family> {
  static constexpr std::array<std::pair<base::Family, std::string_view>, 2> kAll{
      {{base::Family::ipv4, "ipv4"}, {base::Family::ipv6, "ipv6"}}};
};
template <>
struct Words<packet::Version> {
  static constexpr std::array<std::pair<packet::Version, std::string_view>, 2> kAll{
      {{packet::Version::v2, "2"}, {packet::Version::v3, "3"}}};
};
template <>
struct Words<packet::ChecksumForm> {
  static constexpr std::array<std::pair<packet::ChecksumForm, std::string_view>, 2> kAll{
      {{packet::ChecksumForm::pseudoheader, "pseudoheader"}, {packet::ChecksumForm::message_only, "message-only"}}};
};
template <>
struct Words<core::ChecksumMode> {
  static constexpr std::array<std::pair<core::ChecksumMode, std::string_view>, 3> kAll{
      {{core::ChecksumMode::automatic, "automatic"},
       {core::ChecksumMode::pseudoheader, "pseudoheader"},
       {core::ChecksumMode::message_only, "message-only"}}};
};
template <>
struct Words<core::State> {
  static constexpr std::array<std::pair<core::State, std::string_view>, 3> kAll{
      {{core::State::initialize, "initialize"}, {core::State::backup, "backup"}, {core::State::master, "master"}}};
};
template <>
struct Words<core::Notice> {
  static constexpr std::array<std::pair<core::Notice, std::string_view>, 7> kAll{
      {{core::Notice::packet_dropped, "packet-dropped"},
       {core::Notice::interval_mismatch, "interval-mismatch"},
       {core::Notice::address_list_mismatch, "address-list-mismatch"},
       {core::Notice::owner_conflict, "owner-conflict"},
       {core::Notice::equal_priority, "equal-priority"},
       {core::Notice::checksum_form_changed, "checksum-form-changed"},
       {core::Notice::no_version_2, "no-version-2"}}};
};

template <class Enum>
std::string to_word(Enum value)
  requires requires { Words<Enum>::kAll; }
{
  for (const auto& [each, word] : Words<Enum>::kAll) {
    if (each == value) {
      return std::string(word);
    }
  }
  return "?";
}
template <class Enum>
bool from_word(std::string_view text, Enum& value)
  requires requires { Words<Enum>::kAll; }
{
  for (const auto& [each, word] : Words<Enum>::kAll) {
    if (word == text) {
      value = each;
      return true;
    }
  }
  return false;
}

std::string to_word(int value);
std::string to_word(std::uint8_t value);
std::string to_word(base::Duration value);  // microseconds
std::string to_word(base::Centiseconds value);
std::string to_word(base::TimePoint value);
std::string to_word(packet::Vrid value);
std::string to_word(packet::Drop value);
std::string to_word(const base::IpAddress& value);
std::string to_word(const std::vector<base::IpAddress>& value);
std::string to_word(const core::AddressList& value);
std::string to_word(const core::MasterInfo& value);
std::string to_word(const core::Version3Peer& value);
std::string to_word(const core::OtherForm& value);

// False if the text is no such value, or one that the core must not be given.
bool from_word(std::string_view text, int& value);
bool from_word(std::string_view text, std::uint8_t& value);
bool from_word(std::string_view text, base::Duration& value);  // not negative
bool from_word(std::string_view text, base::Centiseconds& value);
bool from_word(std::string_view text, base::TimePoint& value);
bool from_word(std::string_view text, packet::Vrid& value);
bool from_word(std::string_view text, packet::Drop& value);
bool from_word(std::string_view text, base::IpAddress& value);
bool from_word(std::string_view text, std::vector<base::IpAddress>& value);
bool from_word(std::string_view text, core::AddressList& value);
bool from_word(std::string_view text, core::MasterInfo& value);
bool from_word(std::string_view text, core::Version3Peer& value);
bool from_word(std::string_view text, core::OtherForm& value);

// What is there before it is read.
template <class Value>
Value blank() {
  return Value{};
}
template <>
inline base::IpAddress blank() {
  return base::IpAddress(base::Family::ipv4);
}
template <>
inline core::Version3Peer blank() {
  return {.address = blank<base::IpAddress>()};
}
template <>
inline core::OtherForm blank() {
  return {.address = blank<base::IpAddress>()};
}
template <>
inline core::MasterInfo blank() {
  return {blank<base::IpAddress>(), 0, {}};
}

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
  value = blank<Value>();
  return from_word(text, *value);
}

}  // namespace tandem::vrrpd::recording

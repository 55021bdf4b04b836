// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/recording/values.h"

#include <fmt/format.h>

#include <charconv>

#include "vrrpd/recording/limits.h"

namespace tandem::vrrpd::recording {

namespace {

std::optional<std::int64_t> number(std::string_view text, std::int64_t lowest, std::int64_t highest) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const bool fine = error == std::errc() && stop == end && value >= lowest && value <= highest;
  return fine ? std::optional(value) : std::nullopt;
}

// Reads a number within the bounds into `value`, by way of `make`.
template <class Value, class Make>
bool read_number(std::string_view text, std::pair<std::int64_t, std::int64_t> bounds, Value& value, Make make) {
  const std::optional<std::int64_t> found = number(text, bounds.first, bounds.second);
  if (found) {
    value = make(*found);
  }
  return found.has_value();
}

}  // namespace

std::string to_word(int value) { return fmt::format("{}", value); }
std::string to_word(std::uint8_t value) { return fmt::format("{}", value); }
std::string to_word(base::Duration value) { return fmt::format("{}", value.count()); }
std::string to_word(base::Centiseconds value) { return fmt::format("{}", value.count()); }
std::string to_word(base::TimePoint value) { return to_word(value.time_since_epoch()); }
std::string to_word(packet::Vrid value) { return to_word(value.value()); }
std::string to_word(packet::Drop value) { return std::string(packet::info(value).name); }
std::string to_word(const base::IpAddress& value) { return value.to_string(); }
std::string to_word(const core::AddressList& value) { return to_word(*value); }

std::string to_word(const std::vector<base::IpAddress>& value) {
  std::string text;
  for (const base::IpAddress& address : value) {
    text += text.empty() ? "" : ",";
    text += address.to_string();
  }
  return text.empty() ? "-" : text;
}

std::string to_word(const core::MasterInfo& value) {
  return fmt::format("{}/{}/{}", value.address.to_string(), value.priority, value.advertisement_interval.count());
}

std::string to_word(const core::Version3Peer& value) {
  return fmt::format("{}/{}/{}", value.address.to_string(), to_word(value.until), value.alone);
}

std::string to_word(const core::OtherForm& value) {
  return fmt::format("{}/{}", value.address.to_string(), to_word(value.heard));
}

bool from_word(std::string_view text, int& value) {
  return read_number(text, {0, 1'000'000}, value, [](std::int64_t n) { return static_cast<int>(n); });
}

bool from_word(std::string_view text, std::uint8_t& value) {
  return read_number(text, {0, 255}, value, [](std::int64_t n) { return static_cast<std::uint8_t>(n); });
}

bool from_word(std::string_view text, base::Duration& value) {
  return read_number(text, {0, kMaxMicroseconds}, value, [](std::int64_t n) { return base::Duration(n); });
}

bool from_word(std::string_view text, base::Centiseconds& value) {
  return read_number(text, {0, 65'535}, value, [](std::int64_t n) { return base::Centiseconds(n); });
}

bool from_word(std::string_view text, base::TimePoint& value) {
  return read_number(text, {-kMaxMicroseconds, kMaxMicroseconds}, value,
                     [](std::int64_t n) { return base::TimePoint(base::Duration(n)); });
}

bool from_word(std::string_view text, packet::Vrid& value) {
  return read_number(text, {1, 255}, value, [](std::int64_t n) { return packet::Vrid(static_cast<unsigned>(n)); });
}

bool from_word(std::string_view text, packet::Drop& value) {
  for (std::size_t i = 0; i < packet::kDropCount; ++i) {
    if (packet::info(static_cast<packet::Drop>(i)).name == text) {
      value = static_cast<packet::Drop>(i);
      return true;
    }
  }
  return false;
}

bool from_word(std::string_view text, base::IpAddress& value) {
  const std::optional<base::IpAddress> address = base::IpAddress::parse(text);
  value = address.value_or(value);
  return address.has_value();
}

bool from_word(std::string_view text, std::vector<base::IpAddress>& value) {
  value.clear();
  while (text != "-" && !text.empty()) {
    const std::size_t comma = text.find(',');
    base::IpAddress address = blank<base::IpAddress>();
    if (!from_word(text.substr(0, comma), address) || value.size() == core::kMaxIpv4Addresses ||
        (!value.empty() && value.front().family() != address.family())) {
      return false;
    }
    value.push_back(address);
    text = comma == std::string_view::npos ? "-" : text.substr(comma + 1);
  }
  return text == "-";
}

bool from_word(std::string_view text, core::AddressList& value) {
  std::vector<base::IpAddress> addresses;
  const bool fine = from_word(text, addresses);
  value = std::make_shared<const std::vector<base::IpAddress>>(std::move(addresses));
  return fine;
}

bool from_word(std::string_view text, core::MasterInfo& value) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string_view::npos ? first : text.find('/', first + 1);
  return second != std::string_view::npos && from_word(text.substr(0, first), value.address) &&
         from_word(text.substr(first + 1, second - first - 1), value.priority) &&
         from_word(text.substr(second + 1), value.advertisement_interval);
}

bool from_word(std::string_view text, core::Version3Peer& value) {
  const std::size_t first = text.find('/');
  const std::size_t second = first == std::string_view::npos ? first : text.find('/', first + 1);
  return second != std::string_view::npos && from_word(text.substr(0, first), value.address) &&
         from_word(text.substr(first + 1, second - first - 1), value.until) &&
         from_word(text.substr(second + 1), value.alone);
}

bool from_word(std::string_view text, core::OtherForm& value) {
  const std::size_t slash = text.find('/');
  return slash != std::string_view::npos && from_word(text.substr(0, slash), value.address) &&
         from_word(text.substr(slash + 1), value.heard);
}

}  // namespace tandem::vrrpd::recording

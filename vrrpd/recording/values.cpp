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

// Reads a number within the bounds and assigns `make(number)` to `value`.
template <class Value, class Make>
bool read_number(std::string_view text, std::pair<std::int64_t, std::int64_t> bounds, Value& value, Make make) {
  const std::optional<std::int64_t> found = number(text, bounds.first, bounds.second);
  if (found) {
    value = make(*found);
  }
  return found.has_value();
}

}  // namespace

std::string to_word(bool value) { return value ? "yes" : "no"; }
std::string to_word(int value) { return fmt::format("{}", value); }
std::string to_word(std::uint8_t value) { return fmt::format("{}", value); }
std::string to_word(base::Duration value) { return fmt::format("{}", value.count()); }
std::string to_word(base::Centiseconds value) { return fmt::format("{}", value.count()); }
std::string to_word(base::TimePoint value) { return to_word(value.time_since_epoch()); }
std::string to_word(packet::Vrid value) { return to_word(value.value()); }
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

bool from_word(std::string_view text, bool& value) {
  value = text == "yes";
  return value || text == "no";
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

bool from_word(std::string_view text, base::IpAddress& value) {
  const std::optional<base::IpAddress> address = base::IpAddress::parse(text);
  value = address.value_or(value);
  return address.has_value();
}

bool from_word(std::string_view text, std::vector<base::IpAddress>& value) {
  value.clear();
  while (text != "-" && !text.empty()) {
    const std::size_t comma = text.find(',');
    base::IpAddress address = base::blank<base::IpAddress>();
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

}  // namespace tandem::vrrpd::recording

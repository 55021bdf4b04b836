// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/daemon/configuration_codec.h"

#include <cstring>
#include <type_traits>

namespace tandem::vrrpd::daemon {
namespace {

template <class Value>
concept Plain = std::is_trivially_copyable_v<Value>;

class Encoder {
 public:
  template <Plain Value>
  void operator()(const Value& value) {
    std::array<char, sizeof value> bytes{};
    std::memcpy(bytes.data(), &value, sizeof value);
    text_.append(bytes.data(), bytes.size());
  }
  void operator()(const std::string& value) {
    (*this)(value.size());
    text_ += value;
  }
  void operator()(const std::vector<base::IpPrefix>& value) {
    (*this)(value.size());
    for (const base::IpPrefix& prefix : value) {
      (*this)(prefix);
    }
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> rest) : rest_(rest) {}

  template <Plain Value>
  void operator()(Value& value) {
    if (take(sizeof value)) {
      std::memcpy(&value, taken_.data(), sizeof value);
    }
  }
  void operator()(std::string& value) {
    if (take(count())) {
      value.assign(reinterpret_cast<const char*>(taken_.data()), taken_.size());
    }
  }
  void operator()(std::vector<base::IpPrefix>& value) {
    for (std::size_t left = count(); left > 0 && ok_; --left) {
      value.push_back({base::IpAddress(base::Family::ipv4), 0});
      (*this)(value.back());
    }
  }
  std::size_t count() {
    std::size_t number = 0;
    (*this)(number);
    return number;
  }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  bool take(std::size_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (ok_) {
      taken_ = rest_.first(size);
      rest_ = rest_.subspan(size);
    }
    return ok_;
  }

  std::span<const std::byte> rest_;
  std::span<const std::byte> taken_;
  bool ok_ = true;
};

template <class Archive, class Group>
void describe(Archive& archive, Group& group) {
  archive(group.vrid);
  archive(group.version);
  archive(group.also_version_2);
  archive(group.priority);
  archive(group.advertisement_interval);
  archive(group.preempt);
  archive(group.preempt_delay);
  archive(group.accept_mode);
  archive(group.checksum);
  archive(group.shutdown);
  archive(group.description);
  archive(group.vrf);
  archive(group.ipv4);
  archive(group.ipv6);
  archive(group.router_advertisement);
  archive(group.autoconfigured);
}

config::Group blank_group() {
  return {.vrid = core::Vrid(1),
          .version = core::Version::v3,
          .priority = 0,
          .advertisement_interval = {},
          .preempt = false,
          .preempt_delay = {},
          .accept_mode = false,
          .checksum = core::ChecksumMode::automatic,
          .shutdown = true,
          .description = {},
          .ipv4 = {},
          .ipv6 = {}};
}

}  // namespace

std::string encode(const config::Config& configuration) {
  Encoder encoder;
  encoder(configuration.address_lease);
  encoder(configuration.interfaces.size());
  for (const auto& [name, interface] : configuration.interfaces) {
    encoder(name);
    encoder(interface.description);
    encoder(interface.groups.size());
    for (const auto& [vrid, group] : interface.groups) {
      describe(encoder, group);
    }
  }
  return encoder.take();
}

std::optional<config::Config> decode(std::span<const std::byte> bytes) {
  Decoder decoder(bytes);
  config::Config configuration;
  decoder(configuration.address_lease);
  for (std::size_t interfaces = decoder.count(); interfaces > 0 && decoder.ok(); --interfaces) {
    std::string name;
    decoder(name);
    config::Interface& interface = configuration.interfaces[name];
    decoder(interface.description);
    for (std::size_t groups = decoder.count(); groups > 0 && decoder.ok(); --groups) {
      config::Group group = blank_group();
      describe(decoder, group);
      interface.groups.emplace(group.vrid, std::move(group));
    }
  }
  return decoder.ok() && decoder.at_end() ? std::optional(std::move(configuration)) : std::nullopt;
}

}  // namespace tandem::vrrpd::daemon

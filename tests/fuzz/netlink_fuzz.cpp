// SPDX-License-Identifier: Apache-2.0
// Decoding of rtnetlink messages. Input: a datagram. The decoder reads nothing outside of it, and each event is
// complete. The settings of a link are those of its message. A datagram that is cut at a message's border gives the
// same messages in two parts. Our own requests decode to the values that they were made from.
#include "lib/netlink/decode.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "lib/netlink/encode.h"
#include "tests/fuzz/fuzz.h"

namespace tandem::netlink {
namespace {

using base::Bytes;
using fuzz::require;

constexpr std::size_t kHeaderSize = 16;
constexpr std::size_t kIndexAt = 20;  // of the interface, in a link message

void check_event(const Event& event) {
  if (const auto* changed = std::get_if<LinkChanged>(&event)) {
    require(changed->link.index != base::kNoInterface && !changed->link.name.empty(), "a link has an index and a name");
  } else if (const auto* removed = std::get_if<LinkRemoved>(&event)) {
    require(removed->index != base::kNoInterface, "a removed link has an index");
  } else {
    const auto* added = std::get_if<AddressAdded>(&event);
    const Address& address = added != nullptr ? added->address : std::get<AddressRemoved>(event).address;
    require(address.interface != base::kNoInterface, "an address has an interface");
    require(address.prefix.length <= base::IpAddress::width(address.prefix.address.family()),
            "a prefix fits the address");
  }
}

// The settings of a link are in its message, and a request for them changes nothing else.
void check_settings(const std::vector<std::uint8_t>& datagram, std::size_t messages) {
  const std::vector<Decoded> detailed = decode(datagram, Detail::settings);
  require(detailed.size() == messages, "settings are no messages");
  for (const Decoded& message : detailed) {
    const LinkSettings& settings = message.settings;
    require((settings.ipv4.size() + settings.ipv6.size()) * sizeof(std::int32_t) <= datagram.size(),
            "settings are not made up");
    for (const std::string_view key : setting_keys()) {
      const bool ipv4 = key.starts_with("ipv4/");
      const std::size_t place = static_cast<std::size_t>(number_of(key)) - (ipv4 ? 1 : 0);
      require(value_of(settings, key).has_value() == (place < (ipv4 ? settings.ipv4 : settings.ipv6).size()),
              "a setting is found if the message has it");
    }
  }
}

// Returns where the first message ends; 0 if it is broken or the only one.
std::size_t first_border(Bytes datagram) {
  std::uint32_t length = 0;
  if (datagram.size() >= kHeaderSize) {
    std::memcpy(&length, datagram.data(), sizeof(length));
  }
  const std::size_t aligned = (std::size_t{length} + 3) & ~std::size_t{3};
  return length >= kHeaderSize && aligned < datagram.size() ? aligned : 0;
}

void check_decode(Bytes datagram) {
  const std::vector<std::uint8_t> copy(datagram.begin(), datagram.end());  // exactly this size, for the sanitizer
  const std::vector<Decoded> decoded = decode(copy);
  require(decoded.size() <= copy.size() / kHeaderSize, "no more messages than headers");
  for (const Decoded& message : decoded) {
    if (const auto* event = std::get_if<Event>(&message.content)) {
      check_event(*event);
    }
  }
  check_settings(copy, decoded.size());
  if (const std::size_t border = first_border(datagram)) {
    require(decode(datagram.first(border)).size() + decode(datagram.subspan(border)).size() == decoded.size(),
            "messages do not depend on each other");
  }
}

// Our requests have the format of notifications.
void check_requests(FuzzedDataProvider& input) {
  const base::IfIndex index{input.ConsumeIntegralInRange<std::uint32_t>(1, 0x7fffffff)};
  const base::Family family = input.ConsumeBool() ? base::Family::ipv4 : base::Family::ipv6;
  std::array<std::uint8_t, 16> bytes{};
  input.ConsumeData(bytes.data(), bytes.size());
  const base::IpAddress address = base::IpAddress::from_bytes(Bytes(bytes).first(base::IpAddress::size_of(family)));
  const base::IpPrefix prefix{address, input.ConsumeIntegralInRange<std::uint8_t>(0, base::IpAddress::width(family))};
  Address wanted{.interface = index, .prefix = prefix};

  if (input.ConsumeBool()) wanted.lifetime = std::chrono::seconds(input.ConsumeIntegralInRange<std::uint32_t>(1, 3600));
  const auto added = decode(add_address(index, prefix, wanted.lifetime).bytes);
  require(added.size() == 1 && std::get<AddressAdded>(std::get<Event>(added[0].content)).address == wanted,
          "add_address() says what was asked for");
  wanted.lifetime = std::nullopt;
  const auto removed = decode(delete_address(index, prefix).bytes);
  require(removed.size() == 1 && std::get<AddressRemoved>(std::get<Event>(removed[0].content)).address == wanted,
          "delete_address() says what was asked for");
  // An interface name has 1 to 15 bytes without a zero.
  std::string name = input.ConsumeRandomLengthString(15);
  std::erase(name, '\0');
  if (!name.empty()) {
    std::vector<std::uint8_t> request =
        create_macvlan(
            {.name = name, .parent = index, .mac = {}, .mode = MacvlanMode::bridge, .group = base::to_number(index)})
            .bytes;
    request[kIndexAt] = 1;  // the kernel chooses the index
    const auto created = decode(request);
    require(created.size() == 1, "create_macvlan() can be read");
    const Link& link = std::get<LinkChanged>(std::get<Event>(created[0].content)).link;
    require(link.name == name && link.parent == index && link.group == base::to_number(index),
            "create_macvlan() says what was asked");
  }
}

}  // namespace
}  // namespace tandem::netlink

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > tandem::fuzz::kMaxInput) {
    return -1;
  }
  tandem::netlink::check_decode({data, size});
  FuzzedDataProvider input(data, size);
  tandem::netlink::check_requests(input);
  return 0;
}

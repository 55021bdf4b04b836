// SPDX-License-Identifier: Apache-2.0
#include "lib/netlink/decode.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "lib/netlink/attributes.h"

namespace tandem::netlink {
namespace {

using base::Bytes;
using Content = decltype(Decoded::content);

constexpr std::int32_t kMaxErrno = 4095;  // the kernel's own limit (MAX_ERRNO)

std::string text_of(Bytes bytes) {
  const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
  return std::string(bytes.begin(), end);
}

std::optional<MacvlanMode> macvlan_mode(std::uint32_t mode) {
  switch (mode) {
    case MACVLAN_MODE_PRIVATE:
      return MacvlanMode::private_;
    case MACVLAN_MODE_VEPA:
      return MacvlanMode::vepa;
    case MACVLAN_MODE_BRIDGE:
      return MacvlanMode::bridge;
    case MACVLAN_MODE_PASSTHRU:
      return MacvlanMode::passthru;
    case MACVLAN_MODE_SOURCE:
      return MacvlanMode::source;
  }
  return std::nullopt;
}

// `port_of` receives what kind of device the link is a port of.
bool decode_link_info(Bytes info, Link& link, std::string& port_of) {
  std::string kind;
  Bytes data;
  const bool intact = for_each_attribute(info, [&](int type, Bytes payload) {
    if (type == IFLA_INFO_KIND) {
      kind = text_of(payload);
    } else if (type == IFLA_INFO_SLAVE_KIND) {
      port_of = text_of(payload);
    } else if (type == IFLA_INFO_DATA) {
      data = payload;
    }
  });
  if (!intact || kind != "macvlan") {
    return intact;
  }
  return for_each_attribute(data, [&](int type, Bytes payload) {
    const auto value = read<std::uint32_t>(payload);
    if (type == IFLA_MACVLAN_MODE && value) {
      if (const auto mode = macvlan_mode(*value)) {
        link.macvlan = Macvlan{*mode};
      }
    }
  });
}

void decode_properties(Bytes properties, Link& link) {
  for_each_attribute(properties, [&link](int type, Bytes payload) {
    if (type == IFLA_ALT_IFNAME) {
      link.altnames.push_back(text_of(payload));
    }
  });
}

void decode_link_attribute(int type, Bytes payload, Link& link) {
  switch (type) {
    case IFLA_PROP_LIST:
      decode_properties(payload, link);
      break;
    case IFLA_IFNAME:
      link.name = text_of(payload);
      break;
    case IFLA_ADDRESS:
      if (payload.size() == link.mac.bytes.size()) {
        std::copy(payload.begin(), payload.end(), link.mac.bytes.begin());
      }
      break;
    case IFLA_MTU:
      link.mtu = read<std::uint32_t>(payload).value_or(0);
      break;
    case IFLA_GROUP:
      link.group = read<std::uint32_t>(payload).value_or(0);
      break;
    case IFLA_CARRIER_UP_COUNT:
      link.carrier_ups = read<std::uint32_t>(payload).value_or(0);
      break;
    case IFLA_LINK:
      link.parent = base::IfIndex{read<std::uint32_t>(payload).value_or(0)};
      break;
    case IFLA_PROTO_DOWN:
      link.protodown = read<std::uint8_t>(payload).value_or(0) != 0;
      break;
    case IFLA_MASTER:
      link.vrf = base::IfIndex{read<std::uint32_t>(payload).value_or(0)};
      break;
    default:  // there are some fifty others
      break;
  }
}

// The decode_ functions fill `result` and return whether there is one.

bool decode_link(std::uint16_t message, Bytes payload, Content& result) {
  const auto header = read<ifinfomsg>(payload);
  // Bridges and IPv6 report their view of a link under the same message type (AF_BRIDGE, AF_INET6): not the link
  // itself.
  if (!header || header->ifi_family != AF_UNSPEC || header->ifi_index <= 0) {
    return false;
  }
  Link link;
  link.index = base::IfIndex{static_cast<std::uint32_t>(header->ifi_index)};
  if (message == RTM_DELLINK) {
    result.emplace<Event>(std::in_place_type<LinkRemoved>, link.index);
    return true;
  }
  link.admin_up = (header->ifi_flags & IFF_UP) != 0;
  link.running = (header->ifi_flags & IFF_RUNNING) != 0;
  link.arp = (header->ifi_flags & IFF_NOARP) == 0;
  link.ethernet = header->ifi_type == ARPHRD_ETHER;

  bool parent_elsewhere = false;  // in another network namespace: its index means nothing here
  bool info_intact = true;
  std::string port_of;
  const bool intact = for_each_attribute(skip(payload, align(sizeof(ifinfomsg))), [&](int type, Bytes value) {
    if (type == IFLA_LINKINFO) {
      info_intact = decode_link_info(value, link, port_of);
    } else if (type == IFLA_LINK_NETNSID) {
      parent_elsewhere = true;
    } else {
      decode_link_attribute(type, value, link);
    }
  });
  if (parent_elsewhere) {
    link.parent = base::kNoInterface;
  }
  if (port_of != "vrf" && link.vrf != base::kNoInterface) {  // but of a bridge, a bond …
    link.port = Port{.device = std::exchange(link.vrf, base::kNoInterface), .kind = std::move(port_of)};
  }
  if (!intact || !info_intact || link.name.empty()) {
    return false;
  }
  result.emplace<Event>(std::in_place_type<LinkChanged>, std::move(link));
  return true;
}

constexpr std::uint32_t kForever = 0xffffffff;  // the kernel's INFINITY_LIFE_TIME

std::optional<base::Family> family_of(int address_family) {
  if (address_family == AF_INET) {
    return base::Family::ipv4;
  }
  return address_family == AF_INET6 ? std::optional(base::Family::ipv6) : std::nullopt;
}

bool decode_address(std::uint16_t message, Bytes payload, Content& result) {
  const auto header = read<ifaddrmsg>(payload);
  const auto family = header ? family_of(header->ifa_family) : std::nullopt;
  if (!family || header->ifa_index == 0 || header->ifa_prefixlen > base::IpAddress::width(*family)) {
    return false;
  }
  std::uint32_t flags = header->ifa_flags;
  std::optional<base::IpAddress> local;
  std::optional<base::IpAddress> address;  // on a point-to-point link the peer's
  std::optional<std::chrono::seconds> lifetime;
  const bool intact = for_each_attribute(skip(payload, align(sizeof(ifaddrmsg))), [&](int type, Bytes value) {
    if (type == IFA_FLAGS) {
      flags = read<std::uint32_t>(value).value_or(flags);
    } else if (const auto info = type == IFA_CACHEINFO ? read<ifa_cacheinfo>(value) : std::nullopt) {
      lifetime = info->ifa_valid == kForever ? std::nullopt : std::optional(std::chrono::seconds(info->ifa_valid));
    } else if ((type == IFA_LOCAL || type == IFA_ADDRESS) && value.size() == base::IpAddress::size_of(*family)) {
      (type == IFA_LOCAL ? local : address) = base::IpAddress::from_bytes(value);
    }
  });
  if (!intact || (!local && !address)) {
    return false;
  }
  const Address decoded{.interface = base::IfIndex{header->ifa_index},
                        .prefix = {local ? *local : *address, header->ifa_prefixlen},
                        .secondary = *family == base::Family::ipv4 && (flags & IFA_F_SECONDARY) != 0,
                        .tentative = (flags & IFA_F_TENTATIVE) != 0,
                        .duplicate = (flags & IFA_F_DADFAILED) != 0,
                        .lifetime = lifetime};
  if (message == RTM_NEWADDR) {
    result.emplace<Event>(std::in_place_type<AddressAdded>, decoded);
  } else {
    result.emplace<Event>(std::in_place_type<AddressRemoved>, decoded);
  }
  return true;
}

// The kernel reports an errno value negated. What is none (the smallest number has no counterpart) becomes one.
int errno_of(std::int32_t reported) { return reported < -kMaxErrno ? EPROTO : -reported; }

bool decode_acknowledgement(const nlmsghdr& header, Bytes payload, Content& result) {
  const auto error = read<std::int32_t>(payload);
  if (!error || payload.size() < sizeof(nlmsgerr)) {
    return false;
  }
  auto& acknowledgement = result.emplace<Acknowledgement>(errno_of(*error));
  if ((header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) {
    return true;
  }
  // Without NLM_F_CAPPED the whole request stands between the error code and the attributes.
  std::size_t offset = sizeof(nlmsgerr);
  if ((header.nlmsg_flags & NLM_F_CAPPED) == 0) {
    const auto request = read<nlmsghdr>(payload.subspan(sizeof(std::int32_t)));
    offset = sizeof(std::int32_t) + align(request ? request->nlmsg_len : sizeof(nlmsghdr));
  }
  for_each_attribute(skip(payload, offset), [&](int type, Bytes value) {
    if (type == NLMSGERR_ATTR_MSG) {
      acknowledgement.text = text_of(value);
    }
  });
  return true;
}

bool decode_content(const nlmsghdr& header, Bytes payload, Content& result) {
  switch (header.nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return decode_link(header.nlmsg_type, payload, result);
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return decode_address(header.nlmsg_type, payload, result);
    case NLMSG_ERROR:
      return decode_acknowledgement(header, payload, result);
    case NLMSG_DONE:
      result.emplace<DumpEnd>(errno_of(std::min(read<std::int32_t>(payload).value_or(0), 0)));
      return true;
    default:  // not a message that this program asks for
      return false;
  }
}

}  // namespace

std::vector<Decoded> decode(base::Bytes datagram, Detail detail) {
  std::vector<Decoded> result;
  while (const auto header = read<nlmsghdr>(datagram)) {
    if (header->nlmsg_len < sizeof(nlmsghdr) || header->nlmsg_len > datagram.size()) {
      break;
    }
    const Bytes payload = datagram.first(header->nlmsg_len).subspan(sizeof(nlmsghdr));
    Decoded& decoded = result.emplace_back();
    decoded.sequence = header->nlmsg_seq;
    decoded.interrupted = (header->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
    if (!decode_content(*header, payload, decoded.content)) {
      result.pop_back();
    } else if (detail == Detail::settings && header->nlmsg_type == RTM_NEWLINK) {
      decoded.settings = decode_settings(skip(payload, align(sizeof(ifinfomsg))));
    }
    datagram = skip(datagram, align(header->nlmsg_len));
  }
  return result;
}

}  // namespace tandem::netlink

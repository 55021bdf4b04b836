// SPDX-License-Identifier: Apache-2.0
#include "lib/netlink/encode.h"

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "lib/base/check.h"
#include "lib/netlink/handles.h"
#include "lib/netlink/settings.h"

namespace tandem::netlink {
namespace {

// A message under construction. What is put in is small and bounded, so that lack of room is a broken invariant.
class Builder {
 public:
  template <class Header>
  Builder(int type, int flags, const Header& header) : message_(nlmsg_alloc_simple(type, NLM_F_REQUEST | flags)) {
    TANDEM_INVARIANT(message_ != nullptr);
    Header copy = header;
    TANDEM_INVARIANT(nlmsg_append(message_.get(), &copy, sizeof(copy), NLMSG_ALIGNTO) == 0);
  }

  Builder& u32(int type, std::uint32_t value) { return put(type, {&value, sizeof(value)}); }
  Builder& u8(int type, std::uint8_t value) { return put(type, {&value, sizeof(value)}); }
  Builder& text(int type, const std::string& value) { return put(type, {value.c_str(), value.size() + 1}); }
  Builder& lifetime(std::uint32_t seconds) {
    const ifa_cacheinfo info{.ifa_prefered = seconds, .ifa_valid = seconds, .cstamp = 0, .tstamp = 0};
    return put(IFA_CACHEINFO, {&info, sizeof(info)});
  }
  Builder& bytes(int type, base::Bytes value) { return put(type, {value.data(), value.size()}); }

  template <class Fill>
  Builder& nest(int type, Fill fill) {
    nlattr* const start = nla_nest_start(message_.get(), type | kNested);
    TANDEM_INVARIANT(start != nullptr);
    fill(*this);
    nla_nest_end(message_.get(), start);
    return *this;
  }

  Request finish() const {
    const nlmsghdr* const header = nlmsg_hdr(message_.get());
    base::Bytes all(reinterpret_cast<const std::uint8_t*>(header), header->nlmsg_len);
    return Request{{all.begin(), all.end()}};
  }

 private:
  static constexpr int kNested = 1 << 15;  // NLA_F_NESTED

  struct Memory {
    const void* data;
    std::size_t size;
  };
  Builder& put(int type, Memory value) {
    TANDEM_INVARIANT(nla_put(message_.get(), type, static_cast<int>(value.size), value.data) == 0);
    return *this;
  }

  MessageHandle message_;
};

ifinfomsg link_header(base::IfIndex index) {
  ifinfomsg header{};
  header.ifi_family = AF_UNSPEC;
  header.ifi_index = static_cast<int>(base::to_number(index));
  return header;
}

std::uint32_t mode_number(MacvlanMode mode) {
  switch (mode) {
    case MacvlanMode::private_:
      return MACVLAN_MODE_PRIVATE;
    case MacvlanMode::vepa:
      return MACVLAN_MODE_VEPA;
    case MacvlanMode::bridge:
      return MACVLAN_MODE_BRIDGE;
    case MacvlanMode::passthru:
      return MACVLAN_MODE_PASSTHRU;
    case MacvlanMode::source:
      return MACVLAN_MODE_SOURCE;
  }
  return MACVLAN_MODE_BRIDGE;
}

void put_macvlan(Builder& builder, MacvlanMode mode) {
  builder.nest(IFLA_LINKINFO, [mode](Builder& info) {
    info.text(IFLA_INFO_KIND, "macvlan");
    info.nest(IFLA_INFO_DATA, [mode](Builder& data) { data.u32(IFLA_MACVLAN_MODE, mode_number(mode)); });
  });
}

Builder address_message(int type, int flags, const Address& address) {
  const base::IpPrefix& prefix = address.prefix;
  const bool ipv6 = prefix.address.family() == base::Family::ipv6;
  ifaddrmsg header{};
  header.ifa_family = ipv6 ? AF_INET6 : AF_INET;
  header.ifa_prefixlen = prefix.length;
  header.ifa_index = base::to_number(address.interface);
  header.ifa_flags = ipv6 ? IFA_F_NODAD : 0;
  Builder builder(type, flags | NLM_F_ACK, header);
  builder.bytes(IFA_LOCAL, prefix.address.bytes());
  builder.bytes(IFA_ADDRESS, prefix.address.bytes());
  return builder;
}

}  // namespace

Request create_macvlan(const NewMacvlan& macvlan) {
  Builder builder(RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, link_header(base::kNoInterface));
  builder.u32(IFLA_LINK, base::to_number(macvlan.parent));
  builder.text(IFLA_IFNAME, macvlan.name);
  builder.bytes(IFLA_ADDRESS, base::Bytes(macvlan.mac.bytes));
  builder.u32(IFLA_GROUP, macvlan.group);
  if (macvlan.vrf != base::kNoInterface) {
    builder.u32(IFLA_MASTER, base::to_number(macvlan.vrf));
  }
  put_macvlan(builder, macvlan.mode);
  return builder.finish();
}

Request set_link_options(base::IfIndex index, std::span<const Setting> settings) {
  Builder builder(RTM_SETLINK, NLM_F_ACK, link_header(index));
  builder.nest(IFLA_AF_SPEC, [settings](Builder& families) {
    families.nest(AF_INET, [settings](Builder& ipv4) {
      ipv4.nest(IFLA_INET_CONF, [settings](Builder& options) {
        for (const Setting& setting : settings) {
          options.u32(number_of(setting.key), static_cast<std::uint32_t>(setting.value));
        }
      });
    });
    families.nest(AF_INET6, [](Builder& ipv6) { ipv6.u8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE); });
  });
  return builder.finish();
}

Request set_admin_state(base::IfIndex index, AdminState state) {
  ifinfomsg header = link_header(index);
  header.ifi_change = IFF_UP;
  header.ifi_flags = state == AdminState::up ? IFF_UP : 0;
  return Builder(RTM_NEWLINK, NLM_F_ACK, header).finish();
}

Request set_protodown(base::IfIndex index, Protodown protodown) {
  Builder builder(RTM_SETLINK, NLM_F_ACK, link_header(index));
  if (protodown == Protodown::off) {  // whatever reasons another protocol gave: the kernel keeps it on for each
    constexpr std::uint32_t kAllReasons = 0xffffffff;
    builder.nest(IFLA_PROTO_DOWN_REASON, [](Builder& reason) {
      reason.u32(IFLA_PROTO_DOWN_REASON_MASK, kAllReasons).u32(IFLA_PROTO_DOWN_REASON_VALUE, 0);
    });
  }
  return builder.u8(IFLA_PROTO_DOWN, protodown == Protodown::on ? 1 : 0).finish();
}

Request set_mtu(base::IfIndex index, std::uint32_t mtu) {
  return Builder(RTM_SETLINK, NLM_F_ACK, link_header(index)).u32(IFLA_MTU, mtu).finish();
}

Request set_macvlan_mode(base::IfIndex index, MacvlanMode mode) {
  Builder builder(RTM_NEWLINK, NLM_F_ACK, link_header(index));
  put_macvlan(builder, mode);
  return builder.finish();
}

Request set_group(base::IfIndex index, std::uint32_t group) {
  return Builder(RTM_SETLINK, NLM_F_ACK, link_header(index)).u32(IFLA_GROUP, group).finish();
}

Request set_vrf(base::IfIndex index, base::IfIndex vrf) {
  return Builder(RTM_SETLINK, NLM_F_ACK, link_header(index)).u32(IFLA_MASTER, base::to_number(vrf)).finish();
}

Request rename_link(base::IfIndex index, const std::string& name) {
  return Builder(RTM_SETLINK, NLM_F_ACK, link_header(index)).text(IFLA_IFNAME, name).finish();
}

Request delete_link(base::IfIndex index) { return Builder(RTM_DELLINK, NLM_F_ACK, link_header(index)).finish(); }

Request delete_link_group(std::uint32_t group) {
  return Builder(RTM_DELLINK, NLM_F_ACK, link_header(base::kNoInterface)).u32(IFLA_GROUP, group).finish();
}

Request add_address(base::IfIndex index, const base::IpPrefix& prefix, std::optional<std::chrono::seconds> lifetime) {
  Builder builder =
      address_message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, Address{.interface = index, .prefix = prefix});
  if (lifetime) {
    builder.lifetime(static_cast<std::uint32_t>(lifetime->count()));
  }
  return builder.finish();
}

Request delete_address(base::IfIndex index, const base::IpPrefix& prefix) {
  return address_message(RTM_DELADDR, 0, Address{.interface = index, .prefix = prefix}).finish();
}

Request delete_neighbour(base::IfIndex index, const base::IpAddress& address) {
  ndmsg header{};
  header.ndm_family = address.family() == base::Family::ipv6 ? AF_INET6 : AF_INET;
  header.ndm_ifindex = static_cast<int>(base::to_number(index));
  return Builder(RTM_DELNEIGH, NLM_F_ACK, header).bytes(NDA_DST, address.bytes()).finish();
}

Request dump_links() {
  return Builder(RTM_GETLINK, NLM_F_DUMP, link_header(base::kNoInterface))
      .u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
      .finish();
}

Request dump_addresses() { return Builder(RTM_GETADDR, NLM_F_DUMP, ifaddrmsg{}).finish(); }

}  // namespace tandem::netlink

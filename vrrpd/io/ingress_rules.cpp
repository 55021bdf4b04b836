// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/ingress_rules.h"

#include <fmt/format.h>
#include <linux/icmp.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

#include <array>
#include <cstring>
#include <initializer_list>
#include <span>

#include "vrrpd/packet/types.h"

namespace tandem::vrrpd::io {
namespace {

using nft::Batch;

constexpr std::int32_t kPriority = -10;  // before the chains of others, whose usual priority is 0
constexpr std::uint32_t kTypeMac = 9;    // of keys, as nft(8) shows them: TYPE_ETHERADDR
constexpr std::uint32_t kTypeIfIndex = 20;
constexpr unsigned kNeighbourRedirect = 137;  // type of ICMPv6 (RFC 4861 §4.5)
constexpr const char* kOutput = "output";

constexpr std::array kFamilies{packet::Family::ipv4, packet::Family::ipv6};
const char* redirect_set(packet::Family family) { return family == packet::Family::ipv4 ? "quiet4" : "quiet6"; }

std::string set_of(base::IfIndex index) { return fmt::format("masters-{}", base::to_number(index)); }
std::string chain_of(base::IfIndex index) { return fmt::format("arriving-{}", base::to_number(index)); }

bool has(const IngressRules::Macs& macs, packet::Family family) {
  for (const base::MacAddress& mac : macs) {
    if (const auto owner = packet::parse_virtual_mac(mac); owner && owner->family == family) {
      return true;
    }
  }
  return false;
}

std::span<const std::byte> bytes_of(const base::MacAddress& mac) { return std::as_bytes(std::span(mac.bytes)); }

// One rule: expressions over one register.
class Rule {
 public:
  Rule(Batch& batch, std::uint8_t family, std::string_view table, std::string_view chain) : batch_(batch) {
    batch_.message(NFT_MSG_NEWRULE, family, NLM_F_CREATE | NLM_F_APPEND);
    batch_.text(NFTA_RULE_TABLE, table);
    batch_.text(NFTA_RULE_CHAIN, chain);
    batch_.open(NFTA_RULE_EXPRESSIONS);
  }
  ~Rule() { batch_.close(); }
  Rule(const Rule&) = delete;
  Rule& operator=(const Rule&) = delete;

  struct Where {
    nft_payload_bases base;
    std::uint32_t offset;
    std::uint32_t size;
  };
  Rule& load(const Where& where) {
    begin("payload");
    batch_.number(NFTA_PAYLOAD_DREG, NFT_REG_1);
    put(where);
    return end();
  }
  Rule& store(const Where& where) {
    begin("payload");
    batch_.number(NFTA_PAYLOAD_SREG, NFT_REG_1);
    put(where);
    return end();
  }
  Rule& load_meta(nft_meta_keys key) {
    begin("meta");
    batch_.number(NFTA_META_KEY, static_cast<std::uint32_t>(key));
    batch_.number(NFTA_META_DREG, NFT_REG_1);
    return end();
  }
  Rule& store_meta(nft_meta_keys key) {
    begin("meta");
    batch_.number(NFTA_META_KEY, static_cast<std::uint32_t>(key));
    batch_.number(NFTA_META_SREG, NFT_REG_1);
    return end();
  }
  Rule& compare(nft_cmp_ops how, std::initializer_list<unsigned> value) {
    std::array<std::byte, 8> bytes{};
    std::size_t size = 0;
    for (const unsigned byte : value) {
      bytes.at(size++) = std::byte(byte);
    }
    begin("cmp");
    batch_.number(NFTA_CMP_SREG, NFT_REG_1);
    batch_.number(NFTA_CMP_OP, static_cast<std::uint32_t>(how));
    batch_.open(NFTA_CMP_DATA);
    batch_.bytes(NFTA_DATA_VALUE, std::span(bytes).first(size));
    batch_.close();
    return end();
  }
  enum class Lookup { in, not_in };
  Rule& look_up(std::string_view set, Lookup how) {
    begin("lookup");
    batch_.text(NFTA_LOOKUP_SET, set);
    batch_.number(NFTA_LOOKUP_SREG, NFT_REG_1);
    batch_.number(NFTA_LOOKUP_FLAGS, how == Lookup::in ? 0 : NFT_LOOKUP_F_INV);
    return end();
  }
  Rule& set(std::span<const std::byte> value) {
    begin("immediate");
    batch_.number(NFTA_IMMEDIATE_DREG, NFT_REG_1);
    batch_.open(NFTA_IMMEDIATE_DATA);
    batch_.bytes(NFTA_DATA_VALUE, value);
    batch_.close();
    return end();
  }
  void verdict(std::uint32_t code) {
    begin("immediate");
    batch_.number(NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
    batch_.open(NFTA_IMMEDIATE_DATA);
    batch_.open(NFTA_DATA_VERDICT);
    batch_.number(NFTA_VERDICT_CODE, code);
    batch_.close();
    batch_.close();
    end();
  }

 private:
  void begin(std::string_view name) {
    batch_.open(NFTA_LIST_ELEM);
    batch_.text(NFTA_EXPR_NAME, name);
    batch_.open(NFTA_EXPR_DATA);
  }
  Rule& end() {
    batch_.close();
    batch_.close();
    return *this;
  }
  void put(const Where& where) {
    batch_.number(NFTA_PAYLOAD_BASE, static_cast<std::uint32_t>(where.base));
    batch_.number(NFTA_PAYLOAD_OFFSET, where.offset);
    batch_.number(NFTA_PAYLOAD_LEN, where.size);
  }

  Batch& batch_;
};

// Where what is in a frame and in the header of a packet.
constexpr Rule::Where kDestination{NFT_PAYLOAD_LL_HEADER, 0, 6};
constexpr Rule::Where kFirstFour{NFT_PAYLOAD_LL_HEADER, 0, 4};   // of the destination
constexpr Rule::Where kFamilyByte{NFT_PAYLOAD_LL_HEADER, 4, 1};  // of a virtual MAC address
constexpr Rule::Where kEtherType{NFT_PAYLOAD_LL_HEADER, 12, 2};  // a frame with a VLAN tag has that one's
constexpr Rule::Where kIpv4Destination{NFT_PAYLOAD_NETWORK_HEADER, 16, 1};
constexpr Rule::Where kIpv6Destination{NFT_PAYLOAD_NETWORK_HEADER, 24, 1};
constexpr Rule::Where kIpv6Next{NFT_PAYLOAD_NETWORK_HEADER, 6, 1};
constexpr Rule::Where kAfterIpv6{NFT_PAYLOAD_NETWORK_HEADER, 40, 1};
constexpr Rule::Where kIcmpType{NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1};

// Tells nft(8), not the kernel, how to print the keys of a set: attribute 0 (the order of a key's bytes), 4 bytes long.
std::array<std::byte, 6> keys_in_host_order() {
  constexpr std::uint32_t kHostOrder = 1;
  std::array<std::byte, 6> data{std::byte{0}, std::byte{sizeof kHostOrder}};
  std::memcpy(&data[2], &kHostOrder, sizeof kHostOrder);
  return data;
}

struct Set {
  std::uint8_t family;
  std::string_view table;
  std::string_view name;
};

void create_set(Batch& batch, const Set& set, std::uint32_t type, std::uint32_t size, std::uint32_t id) {
  batch.message(NFT_MSG_NEWSET, set.family, NLM_F_CREATE);
  batch.text(NFTA_SET_TABLE, set.table);
  batch.text(NFTA_SET_NAME, set.name);
  batch.number(NFTA_SET_FLAGS, NFT_SET_TIMEOUT);
  batch.number(NFTA_SET_KEY_TYPE, type);
  batch.number(NFTA_SET_KEY_LEN, size);
  batch.number(NFTA_SET_ID, id);
  if (type == kTypeIfIndex) {
    batch.bytes(NFTA_SET_USERDATA, keys_in_host_order());
  }
}

// With all of its elements, if it has no list of them.
void begin_elements(Batch& batch, std::uint16_t type, std::uint16_t flags, const Set& set) {
  batch.message(type, set.family, flags);
  batch.text(NFTA_SET_ELEM_LIST_TABLE, set.table);
  batch.text(NFTA_SET_ELEM_LIST_SET, set.name);
}

void put_key(Batch& batch, std::span<const std::byte> key) {
  batch.open(NFTA_SET_ELEM_KEY);
  batch.bytes(NFTA_DATA_VALUE, key);
  batch.close();
}

void create_table(Batch& batch, std::uint8_t family, std::string_view name, bool empty) {
  batch.message(NFT_MSG_NEWTABLE, family, NLM_F_CREATE);
  batch.text(NFTA_TABLE_NAME, name);
  batch.number(NFTA_TABLE_FLAGS, NFT_TABLE_F_OWNER);
  if (!empty) {
    // What nft(8) shows as the comment: a type of 0, the length, the text with its end.
    static constexpr std::string_view kText = "of vrrpd: packets to virtual routers, see its firewall.md";
    std::array<std::byte, 2 + kText.size() + 1> comment{std::byte{0}, std::byte{kText.size() + 1}};
    std::memcpy(comment.data() + 2, kText.data(), kText.size());
    batch.bytes(NFTA_TABLE_USERDATA, comment);
  }
}

void delete_table(Batch& batch, std::uint8_t family, std::string_view name) {
  batch.message(NFT_MSG_DELTABLE, family);
  batch.text(NFTA_TABLE_NAME, name);
}

void begin_chain(Batch& batch, const Set& chain, std::string_view hook_device, std::uint32_t hook,
                 std::int32_t priority) {
  batch.message(NFT_MSG_NEWCHAIN, chain.family, NLM_F_CREATE);
  batch.text(NFTA_CHAIN_TABLE, chain.table);
  batch.text(NFTA_CHAIN_NAME, chain.name);
  batch.open(NFTA_CHAIN_HOOK);
  batch.number(NFTA_HOOK_HOOKNUM, hook);
  batch.number(NFTA_HOOK_PRIORITY, static_cast<std::uint32_t>(priority));
  if (!hook_device.empty()) {
    batch.text(NFTA_HOOK_DEV, hook_device);
  }
  batch.close();
  batch.number(NFTA_CHAIN_POLICY, NF_ACCEPT);
  batch.text(NFTA_CHAIN_TYPE, "filter");
}

}  // namespace

IngressTables ingress_tables(std::string_view instance) {
  const std::string name = instance.empty() ? "tandem" : fmt::format("tandem-{}", instance);
  return {.ingress = name, .redirects = name + ".redirects"};
}

void delete_ingress_tables(Batch& batch, const IngressTables& tables) {
  create_table(batch, NFPROTO_NETDEV, tables.ingress, true);
  create_table(batch, NFPROTO_INET, tables.redirects, true);
  delete_table(batch, NFPROTO_NETDEV, tables.ingress);
  delete_table(batch, NFPROTO_INET, tables.redirects);
}

std::vector<std::byte> removal_of(const IngressTables& tables) {
  Batch batch;
  delete_ingress_tables(batch, tables);
  const std::span<const std::byte> bytes = batch.finish();
  return {bytes.begin(), bytes.end()};
}

void IngressRules::create_tables(Batch& batch) const {
  create_table(batch, NFPROTO_NETDEV, tables_.ingress, false);
  create_table(batch, NFPROTO_INET, tables_.redirects, false);
  std::uint32_t id = 1;
  for (const packet::Family family : kFamilies) {
    create_set(batch, {NFPROTO_INET, tables_.redirects, redirect_set(family)}, kTypeIfIndex, sizeof(std::uint32_t),
               id++);
  }
  begin_chain(batch, {NFPROTO_INET, tables_.redirects, kOutput}, "", NF_INET_LOCAL_OUT, 0);
  add_redirect_rules(batch);
}

// What arrived for the virtual MAC address seems to go back where it came from: the kernel would tell the host to leave
// the virtual router (R89).
void IngressRules::add_redirect_rules(Batch& batch) const {
  Rule(batch, NFPROTO_INET, tables_.redirects, kOutput)
      .load_meta(NFT_META_L4PROTO)
      .compare(NFT_CMP_EQ, {IPPROTO_ICMP})
      .load(kIcmpType)
      .compare(NFT_CMP_EQ, {ICMP_REDIRECT})
      .load_meta(NFT_META_OIF)
      .look_up(redirect_set(packet::Family::ipv4), Rule::Lookup::in)
      .verdict(NF_DROP);
  Rule(batch, NFPROTO_INET, tables_.redirects, kOutput)
      .load_meta(NFT_META_L4PROTO)
      .compare(NFT_CMP_EQ, {IPPROTO_ICMPV6})
      .load(kIcmpType)
      .compare(NFT_CMP_EQ, {kNeighbourRedirect})
      .load_meta(NFT_META_OIF)
      .look_up(redirect_set(packet::Family::ipv6), Rule::Lookup::in)
      .verdict(NF_DROP);
}

void IngressRules::add_parent(Batch& batch, base::IfIndex index, const Parent& parent) const {
  const std::string set = set_of(index);
  const std::string chain = chain_of(index);
  constexpr std::uint32_t kFirstId = 16;  // those before are of create_tables()
  create_set(batch, {NFPROTO_NETDEV, tables_.ingress, set}, kTypeMac, sizeof parent.mac.bytes,
             kFirstId + static_cast<std::uint32_t>(base::to_number(index)));
  begin_chain(batch, {NFPROTO_NETDEV, tables_.ingress, chain}, parent.name, NF_NETDEV_INGRESS, kPriority);
  // What is for none of the virtual routers leaves at once.
  Rule(batch, NFPROTO_NETDEV, tables_.ingress, chain)
      .load(kFirstFour)
      .compare(NFT_CMP_NEQ, {0x00, 0x00, 0x5e, 0x00})
      .verdict(NF_ACCEPT);
  Rule(batch, NFPROTO_NETDEV, tables_.ingress, chain)
      .load(kDestination)
      .look_up(set, Rule::Lookup::not_in)
      .verdict(NF_ACCEPT);
  add_rules(batch, chain, parent);
}

// The macvlan keeps what is about the virtual MAC address or a link-local one: ARP, router and neighbour discovery and
// redirects (types 133 to 137), link-local and multicast destinations.
void IngressRules::add_rules(Batch& batch, const std::string& chain, const Parent& parent) const {
  static constexpr std::array kToThisHost{std::byte{PACKET_HOST}};
  Rule(batch, NFPROTO_NETDEV, tables_.ingress, chain)
      .load(kFamilyByte)
      .compare(NFT_CMP_EQ, {1})
      .load(kEtherType)
      .compare(NFT_CMP_EQ, {0x08, 0x00})
      .load(kIpv4Destination)
      .compare(NFT_CMP_LT, {224})
      .set(bytes_of(parent.mac))
      .store(kDestination)
      .set(kToThisHost)
      .store_meta(NFT_META_PKTTYPE)
      .verdict(NF_ACCEPT);
  Rule(batch, NFPROTO_NETDEV, tables_.ingress, chain)
      .load(kIpv6Next)
      .compare(NFT_CMP_EQ, {58})
      .load(kAfterIpv6)
      .compare(NFT_CMP_GTE, {133})
      .compare(NFT_CMP_LTE, {137})
      .verdict(NF_ACCEPT);
  Rule(batch, NFPROTO_NETDEV, tables_.ingress, chain)
      .load(kFamilyByte)
      .compare(NFT_CMP_EQ, {2})
      .load(kEtherType)
      .compare(NFT_CMP_EQ, {0x86, 0xdd})
      .load(kIpv6Destination)
      .compare(NFT_CMP_LT, {0xfe})
      .set(bytes_of(parent.mac))
      .store(kDestination)
      .set(kToThisHost)
      .store_meta(NFT_META_PKTTYPE)
      .verdict(NF_ACCEPT);
}

void IngressRules::remove_parent(Batch& batch, base::IfIndex index) const {
  const std::string chain = chain_of(index);
  batch.message(NFT_MSG_DELRULE, NFPROTO_NETDEV);  // all of the chain
  batch.text(NFTA_RULE_TABLE, tables_.ingress);
  batch.text(NFTA_RULE_CHAIN, chain);
  batch.message(NFT_MSG_DELCHAIN, NFPROTO_NETDEV);
  batch.text(NFTA_CHAIN_TABLE, tables_.ingress);
  batch.text(NFTA_CHAIN_NAME, chain);
  batch.message(NFT_MSG_DELSET, NFPROTO_NETDEV);
  batch.text(NFTA_SET_TABLE, tables_.ingress);
  batch.text(NFTA_SET_NAME, set_of(index));
}

void IngressRules::put_timeout(Batch& batch) const {
  if (lease_ != std::chrono::seconds::zero()) {
    batch.long_number(
        NFTA_SET_ELEM_TIMEOUT,
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(lease_).count()));
  }
}

// A virtual MAC address of each VRID and family at most: some 20 kB.
void IngressRules::add_elements(Batch& batch, base::IfIndex index, const Macs& macs) const {
  begin_elements(batch, NFT_MSG_NEWSETELEM, NLM_F_CREATE, {NFPROTO_NETDEV, tables_.ingress, set_of(index)});
  batch.open(NFTA_SET_ELEM_LIST_ELEMENTS);
  for (const base::MacAddress& mac : macs) {
    batch.open(NFTA_LIST_ELEM);
    put_key(batch, bytes_of(mac));
    put_timeout(batch);
    batch.close();
  }
  batch.close();
}

void IngressRules::remove_elements(Batch& batch, base::IfIndex index, const Macs& macs) const {
  begin_elements(batch, NFT_MSG_DELSETELEM, 0, {NFPROTO_NETDEV, tables_.ingress, set_of(index)});
  batch.open(NFTA_SET_ELEM_LIST_ELEMENTS);
  for (const base::MacAddress& mac : macs) {
    batch.open(NFTA_LIST_ELEM);
    put_key(batch, bytes_of(mac));
    batch.close();
  }
  batch.close();
}

void IngressRules::remove_all_elements(Batch& batch, base::IfIndex index) const {
  begin_elements(batch, NFT_MSG_DELSETELEM, 0, {NFPROTO_NETDEV, tables_.ingress, set_of(index)});
}

void IngressRules::hold_redirects(Batch& batch, base::IfIndex index, const Macs& macs) const {
  const auto number = static_cast<std::uint32_t>(base::to_number(index));
  for (const packet::Family family : kFamilies) {
    if (has(macs, family)) {
      begin_elements(batch, NFT_MSG_NEWSETELEM, NLM_F_CREATE, {NFPROTO_INET, tables_.redirects, redirect_set(family)});
      batch.open(NFTA_SET_ELEM_LIST_ELEMENTS);
      batch.open(NFTA_LIST_ELEM);
      put_key(batch, std::as_bytes(std::span(&number, 1)));
      put_timeout(batch);
      batch.close();
      batch.close();
    }
  }
}

void IngressRules::allow_redirects(Batch& batch, base::IfIndex index, const Macs& before, const Macs& now) const {
  const auto number = static_cast<std::uint32_t>(base::to_number(index));
  for (const packet::Family family : kFamilies) {
    if (has(before, family) && !has(now, family)) {
      begin_elements(batch, NFT_MSG_DELSETELEM, 0, {NFPROTO_INET, tables_.redirects, redirect_set(family)});
      batch.open(NFTA_SET_ELEM_LIST_ELEMENTS);
      batch.open(NFTA_LIST_ELEM);
      put_key(batch, std::as_bytes(std::span(&number, 1)));
      batch.close();
      batch.close();
    }
  }
}

void IngressRules::allow_all_redirects(Batch& batch) const {
  for (const packet::Family family : kFamilies) {
    begin_elements(batch, NFT_MSG_DELSETELEM, 0, {NFPROTO_INET, tables_.redirects, redirect_set(family)});
  }
}

}  // namespace tandem::vrrpd::io

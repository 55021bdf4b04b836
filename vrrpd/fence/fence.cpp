// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/fence/fence.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace tandem::vrrpd::fence {
namespace {

using Mac = std::array<unsigned char, 6>;

constexpr std::size_t kEtherTypeOffset = 12;
constexpr std::array kGroups{Mac{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}, Mac{0x33, 0x33, 0x00, 0x00, 0x00, 0x12}};

// RFC 9568 section 7.3; the last byte is the VRID.
bool is_virtual_mac(const Mac& mac) {
  constexpr std::array<unsigned char, 4> kBegin{0x00, 0x00, 0x5e, 0x00};
  return std::equal(kBegin.begin(), kBegin.end(), mac.begin()) && (mac[4] == 1 || mac[4] == 2) && mac[5] != 0;
}

// Selects links in a request to the kernel: one by its index, or all of a group.
struct LinkRequest {
  nlmsghdr header;
  ifinfomsg link;
  rtattr group;
  std::uint32_t group_number;
};

LinkRequest about_group(std::uint16_t type, std::uint32_t group) {
  LinkRequest message{};
  message.header = {
      .nlmsg_len = sizeof message, .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST, .nlmsg_seq = 0, .nlmsg_pid = 0};
  message.group = {.rta_len = sizeof message.group + sizeof message.group_number, .rta_type = IFLA_GROUP};
  message.group_number = group;
  return message;
}

template <class Address>
const sockaddr* generic(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // the socket calls take the address type of any family
}

}  // namespace

std::span<const std::byte> sendable(const Frame& frame) {
  const std::size_t size = frame.size;  // read once: a worker that is not quite dead may write
  if (size < kEtherTypeOffset + sizeof(std::uint16_t) || size > kFrameSize) {
    return {};
  }
  const auto bytes = std::span(frame.bytes).first(size);
  Mac to{};
  Mac from{};
  std::uint16_t type = 0;
  std::memcpy(to.data(), bytes.data(), to.size());
  std::memcpy(from.data(), bytes.data() + to.size(), from.size());
  std::memcpy(&type, bytes.data() + kEtherTypeOffset, sizeof type);
  const bool advert = std::find(kGroups.begin(), kGroups.end(), to) != kGroups.end() && is_virtual_mac(from) &&
                      (type == htons(ETH_P_IP) || type == htons(ETH_P_IPV6));
  return advert && frame.check == supervisor::checksum(bytes) ? bytes : std::span<const std::byte>();
}

base::Result<std::unique_ptr<Fence>> Fence::open(const LinkGroups& groups, os::FileDescriptor packet, Rules rules) {
  os::FileDescriptor netlink(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!packet.is_open()) {
    packet = os::FileDescriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  }
  if (!netlink.is_open() || !packet.is_open()) {
    return base::fail_errno(errno, "cannot open the sockets of the supervisor");
  }
  return std::unique_ptr<Fence>(new Fence(groups, std::move(netlink), std::move(packet), std::move(rules)));
}

// The kernel executes the request before send() returns. Its answer does not matter: the fence has no other way to do
// it.
void Fence::request(int socket, std::span<const std::byte> message) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  while (::sendto(socket, message.data(), message.size(), 0, generic(kernel), sizeof kernel) < 0 && errno == EINTR) {
  }
  std::array<std::byte, 4096> answer{};
  while (::recv(socket, answer.data(), answer.size(), MSG_DONTWAIT) > 0) {
  }
}

// Turns ARP off before the deletion, which first waits for RCU: for 10 to 20 ms the kernel would still answer for the
// addresses.
void Fence::silence_group(std::uint32_t group) const {
  LinkRequest message = about_group(RTM_NEWLINK, group);
  message.link.ifi_flags = IFF_NOARP;
  message.link.ifi_change = IFF_NOARP;
  request(std::as_bytes(std::span(&message, 1)));
}

void Fence::delete_group(std::uint32_t group) const {
  const LinkRequest message = about_group(RTM_DELLINK, group);
  request(std::as_bytes(std::span(&message, 1)));
}

// Whether the interface has a virtual router's MAC address. The shared memory of a dead worker may be wrong, so the
// fence touches no other interface.
bool Fence::is_virtual(std::uint32_t interface) const {
  ifreq request{};
  request.ifr_ifindex = static_cast<int>(interface);
  if (::ioctl(packet_.get(), SIOCGIFNAME, &request) != 0 || ::ioctl(packet_.get(), SIOCGIFHWADDR, &request) != 0) {
    return false;
  }
  Mac mac{};
  std::memcpy(mac.data(), std::data(request.ifr_hwaddr.sa_data), mac.size());
  return is_virtual_mac(mac);
}

void Fence::take_down(std::uint32_t interface) const {
  LinkRequest message{};
  message.header = {.nlmsg_len = offsetof(LinkRequest, group),
                    .nlmsg_type = RTM_NEWLINK,
                    .nlmsg_flags = NLM_F_REQUEST,
                    .nlmsg_seq = 0,
                    .nlmsg_pid = 0};
  message.link.ifi_index = static_cast<int>(interface);
  message.link.ifi_change = IFF_UP;
  request(std::as_bytes(std::span(&message, 1)).first(message.header.nlmsg_len));
}

void Fence::send(Frame& frame) const {
  const std::uint32_t interface = frame.interface.exchange(0, std::memory_order_acq_rel);
  const auto bytes = sendable(frame);
  if (interface == 0 || bytes.empty()) {
    return;
  }
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(interface);
  std::memcpy(&address.sll_protocol, bytes.data() + kEtherTypeOffset, sizeof address.sll_protocol);
  static_cast<void>(
      ::sendto(packet_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT, generic(address), sizeof address));
}

void Fence::isolate(const supervisor::Shared& shared) const {
  for (const std::uint32_t group : groups_) {
    silence_group(group);
  }
  // Before the routers resign: the parent forwards flooded packets for the virtual MAC as long as the rules exist.
  if (rules_.socket.is_open()) {
    request(rules_.socket.get(), rules_.removal);
  }
  for (const std::uint32_t group : groups_) {
    delete_group(group);
  }
  for (const auto& foreign : foreign_macvlans(shared)) {
    if (const std::uint32_t interface = foreign.load(); interface != 0 && is_virtual(interface)) {
      take_down(interface);
    }
  }
}

void Fence::resign(const supervisor::Shared& shared) const {
  isolate(shared);
  for (auto& foreign : foreign_macvlans(shared)) {
    foreign.store(0);
  }
  for (std::size_t i = 0; i < shared.fence_records_used(); ++i) {
    send(frame(shared, i));
  }
}

}  // namespace tandem::vrrpd::fence

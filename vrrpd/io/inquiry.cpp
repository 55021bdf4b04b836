// SPDX-License-Identifier: Apache-2.0
#include "vrrpd/io/inquiry.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

#include "lib/event/loop.h"
#include "lib/netlink/socket.h"
#include "lib/os/fd.h"
#include "vrrpd/io/limits.h"
#include "vrrpd/io/socket_filters.h"

namespace tandem::vrrpd::io {
namespace {

using base::Family;

std::uint16_t protocol_of(Family family) { return htons(family == Family::ipv4 ? ETH_P_ARP : ETH_P_IPV6); }

os::FileDescriptor open_socket() {
  return os::FileDescriptor(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

sockaddr_ll address_of(base::IfIndex interface, Family family) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = protocol_of(family);
  address.sll_ifindex = static_cast<int>(base::to_number(interface));
  return address;
}

class Asking {
 public:
  Findings carry_out(const std::vector<Inquiry>& inquiries);

 private:
  bool listen(const std::vector<Inquiry>& inquiries);
  void send(const Inquiry& inquiry);
  void await(const std::vector<Inquiry>& inquiries, Findings& findings);
  static std::size_t take(int socket, const std::vector<Inquiry>& inquiries, Findings& findings);
  void forget_senders(const std::vector<Inquiry>& inquiries);

  os::FileDescriptor sender_;
  std::vector<os::FileDescriptor> ears_;  // while answers are awaited: they cost every frame of their kind a look
  std::optional<netlink::RequestSocket> netlink_;
};

bool Asking::listen(const std::vector<Inquiry>& inquiries) {
  for (const Family family : {Family::ipv4, Family::ipv6}) {
    if (std::ranges::none_of(inquiries, [&](const Inquiry& i) { return i.question.target.family() == family; })) {
      continue;
    }
    os::FileDescriptor ear = open_socket();
    const sockaddr_ll where = address_of(base::kNoInterface, family);
    if (!ear.is_open() || net::attach(ear.get(), answer_filter(family)) != 0 ||
        bind(ear.get(), reinterpret_cast<const sockaddr*>(&where), sizeof(where)) != 0) {
      return false;
    }
    ears_.push_back(std::move(ear));
  }
  return true;
}

// What cannot be sent is not answered.
void Asking::send(const Inquiry& inquiry) {
  packet::FrameBuffer buffer{};
  const base::Bytes frame = packet::question_frame(inquiry.question, inquiry.destination, buffer);
  const sockaddr_ll where = address_of(inquiry.interface, inquiry.question.target.family());
  while (sendto(sender_.get(), frame.data(), frame.size(), 0, reinterpret_cast<const sockaddr*>(&where),
                sizeof(where)) < 0 &&
         errno == EINTR) {
  }
}

// Returns how many were not answered before.
std::size_t Asking::take(int socket, const std::vector<Inquiry>& inquiries, Findings& findings) {
  std::size_t taken = 0;
  std::array<std::uint8_t, 128> frame{};
  for (std::size_t read = 0; read < kAnswersPerTurn; ++read) {
    const ssize_t size = recv(socket, frame.data(), frame.size(), MSG_DONTWAIT);
    if (size <= 0) {
      break;
    }
    const auto answer = packet::decode_answer(base::Bytes(frame).first(static_cast<std::size_t>(size)));
    for (std::size_t i = 0; answer && i < inquiries.size(); ++i) {
      const packet::Question& asked = inquiries[i].question;
      if (asked.target == answer->address && asked.mac == answer->to && !findings.stations[i]) {
        findings.stations[i] = answer->from;
        ++taken;
      }
    }
  }
  return taken;
}

void Asking::await(const std::vector<Inquiry>& inquiries, Findings& findings) {
  const base::TimePoint end = event::monotonic_now() + kAnswerTimeout;
  std::size_t missing = inquiries.size();
  std::vector<pollfd> polled;
  for (const os::FileDescriptor& ear : ears_) {
    polled.push_back({ear.get(), POLLIN, 0});
  }
  for (base::TimePoint now = event::monotonic_now(); missing > 0 && now < end; now = event::monotonic_now()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - now);
    if (poll(polled.data(), polled.size(), static_cast<int>(left.count())) <= 0) {
      continue;
    }
    for (const os::FileDescriptor& ear : ears_) {
      missing -= take(ear.get(), inquiries, findings);
    }
  }
}

// The kernel remembers the sender of each question as a neighbour of the macvlan, and its tables are small.
void Asking::forget_senders(const std::vector<Inquiry>& inquiries) {
  std::vector<netlink::Request> requests;
  for (const Inquiry& inquiry : inquiries) {
    if (inquiry.is_looped() && !inquiry.question.sender.is_unspecified()) {
      requests.push_back(netlink::delete_neighbour(inquiry.interface, inquiry.question.sender));
    }
  }
  if (!netlink_ && !requests.empty()) {
    if (auto opened = netlink::RequestSocket::open()) {
      netlink_.emplace(std::move(*opened));
    }
  }
  if (netlink_ && !requests.empty()) {
    netlink_->execute(requests);
  }
}

Findings Asking::carry_out(const std::vector<Inquiry>& inquiries) {
  Findings findings{.stations = std::vector<std::optional<base::MacAddress>>(inquiries.size())};
  if (!sender_.is_open()) {
    sender_ = open_socket();
  }
  if (!sender_.is_open() || !listen(inquiries)) {
    findings.failure = fmt::format("cannot open a packet socket: {}", std::strerror(errno));
    ears_.clear();
    return findings;
  }
  for (const Inquiry& inquiry : inquiries) {
    send(inquiry);
  }
  await(inquiries, findings);
  ears_.clear();
  forget_senders(inquiries);
  return findings;
}

std::uint32_t number_of(const base::IpAddress& address) {
  std::uint32_t number = 0;
  for (const std::uint8_t byte : address.bytes()) {
    number = number << 8U | byte;
  }
  return number;
}

base::IpAddress ipv4_of(std::uint32_t number) {
  return base::IpAddress::v4(static_cast<std::uint8_t>(number >> 24U), static_cast<std::uint8_t>(number >> 16U),
                             static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number));
}

}  // namespace

Inquirer::Execute inquire_by_packet_sockets() {
  return [asking = std::make_shared<Asking>()](const std::vector<Inquiry>& inquiries) {
    return asking->carry_out(inquiries);
  };
}

base::IpAddress own_sender(const base::IpAddress& target, const InterfaceTable& table, const Interface& parent) {
  if (target.family() == Family::ipv6) {
    return *base::IpAddress::parse("fe80::7465:7374");  // no host makes this one of its MAC address, or at random
  }
  const auto network = std::ranges::find_if(
      parent.addresses, [&](const netlink::Address& address) { return address.prefix.contains(target); });
  constexpr std::uint8_t kLongestWithSpare = 29;
  if (network == parent.addresses.end() || network->prefix.length > kLongestWithSpare || network->prefix.length == 0) {
    return base::IpAddress(Family::ipv4);
  }
  const std::uint32_t hosts = 0xffffffffU >> network->prefix.length;
  const std::uint32_t broadcast = number_of(target) | hosts;
  for (std::uint32_t below = 1; below < std::min(hosts, kSendersTried); ++below) {
    const base::IpAddress candidate = ipv4_of(broadcast - below);
    if (table.holders(candidate) == 0) {
      return candidate;
    }
  }
  return base::IpAddress(Family::ipv4);
}

}  // namespace tandem::vrrpd::io

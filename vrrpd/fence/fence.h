// SPDX-License-Identifier: Apache-2.0
// Removes a dead worker's virtual routers from the LAN. First it turns ARP off on the macvlans and deletes them, so
// that the kernel answers for no virtual address. Then it sends priority 0 for each Master, so that the neighbours take
// over at once. In this order no two routers answer.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "lib/base/result.h"
#include "lib/os/fd.h"
#include "lib/supervisor/fence.h"
#include "vrrpd/fence/frame.h"

namespace tandem::vrrpd::fence {

// The part of a frame that may be sent: all of it if it is complete and an advert of a virtual router; otherwise empty.
std::span<const std::byte> sendable(const Frame& frame);

class Fence : public supervisor::Fence {
 public:
  using LinkGroups = std::array<std::uint32_t, 3>;  // of the worker's macvlans
  // The rules that give packets to virtual routers to the parent (doc/decisions/0038). The rules exist as long as the
  // socket is open, in the worker or here. The supervisor's descriptor keeps them when a worker is replaced.
  struct Rules {
    os::FileDescriptor socket{};       // closed: the kernel has no netfilter
    std::vector<std::byte> removal{};  // request that removes the rules
  };
  // Needs CAP_NET_ADMIN and CAP_NET_RAW. `packet` is a packet socket that receives nothing; if it is closed, open()
  // makes one.
  static base::Result<std::unique_ptr<Fence>> open(const LinkGroups& groups, os::FileDescriptor packet, Rules rules);

  // The packet socket, then the socket of the rules (-1: the kernel has no netfilter). The worker also sends through
  // the first one: closing a socket of its own would take the kernel 13 ms (RCU).
  std::vector<int> descriptors() const override { return {packet_.get(), rules_.socket.get()}; }

  // Deletes the macvlans, and takes down those of other programs. Takes 60 ms for 400 macvlans; the kernel answers no ARP
  // request from the first millisecond on. Keeps the list of macvlans of other programs: a dying worker may set one up
  // again, and the next call takes it down again.
  void isolate(const supervisor::Shared& shared) const override;
  // Does what isolate() does, empties that list, then sends priority 0.
  void resign(const supervisor::Shared& shared) const override;
  const char* outcome() const override { return "its virtual routers have resigned"; }

 private:
  Fence(const LinkGroups& groups, os::FileDescriptor netlink, os::FileDescriptor packet, Rules rules)
      : groups_(groups), netlink_(std::move(netlink)), packet_(std::move(packet)), rules_(std::move(rules)) {}
  void silence_group(std::uint32_t group) const;
  void delete_group(std::uint32_t group) const;
  bool is_virtual(std::uint32_t interface) const;
  void take_down(std::uint32_t interface) const;
  void request(std::span<const std::byte> message) const { request(netlink_.get(), message); }
  static void request(int socket, std::span<const std::byte> message);
  void send(Frame& frame) const;

  LinkGroups groups_;
  os::FileDescriptor netlink_;
  os::FileDescriptor packet_;
  Rules rules_;
};

}  // namespace tandem::vrrpd::fence

// SPDX-License-Identifier: Apache-2.0
// Takes a dead worker's virtual routers off the LAN: the macvlans are silenced and deleted, so that the kernel answers
// for no virtual address; then priority 0 is sent for each Master, so that the neighbours take over at once. In this
// order no two routers answer.
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

// What of a frame may be sent: all of it, if it is whole and an advert of a virtual router; else nothing.
std::span<const std::byte> sendable(const Frame& frame);

class Fence : public supervisor::Fence {
 public:
  using LinkGroups = std::array<std::uint32_t, 3>;  // of the worker's macvlans
  // The rules that have packets to virtual routers arrive at the parent (doc/decisions/0038). They are there as long as
  // the socket is open, in the worker or here; the supervisor's keeps them when a worker is replaced.
  struct Rules {
    os::FileDescriptor socket{};       // closed: the kernel has no netfilter
    std::vector<std::byte> removal{};  // what removes them
  };
  // Needs CAP_NET_ADMIN and CAP_NET_RAW.
  // `packet`: a packet socket that receives nothing, if there is one already.
  static base::Result<std::unique_ptr<Fence>> open(const LinkGroups& groups, os::FileDescriptor packet, Rules rules);

  // The packet socket, then the socket of the rules (-1: the kernel has no netfilter). The worker sends with the first
  // one too: if it were the worker's own, its end would take the kernel 13 ms (RCU).
  std::vector<int> descriptors() const override { return {packet_.get(), rules_.socket.get()}; }

  // Deletes the macvlans. Takes 60 ms for 400 of them; ARP is not answered from the first millisecond on.
  void isolate(const supervisor::Shared& shared) const override;
  // The same, then sends priority 0.
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

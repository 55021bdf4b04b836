// SPDX-License-Identifier: Apache-2.0
#include "lib/net/sender.h"

#include <fcntl.h>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "lib/event/loop.h"
#include "lib/log/rate_limit.h"
#include "lib/net/messages.h"

namespace tandem::net {
namespace {

constexpr std::chrono::seconds kLogInterval{10};
constexpr std::size_t kMaxLogKeys = 64;
constexpr int kQueueBytes = 4 << 20;  // the frames of a turn: some thousand adverts
constexpr int kPriorityControl = 7;   // TC_PRIO_CONTROL: not behind the traffic that is forwarded
constexpr std::size_t kEtherTypeOffset = 12;

class PacketSender final : public Sender {
 public:
  PacketSender(log::Logger& logger, int fd) : logger_(logger), fd_(fd), limit_(kLogInterval, kMaxLogKeys) {}
  ~PacketSender() override { close(fd_); }
  PacketSender(const PacketSender&) = delete;
  PacketSender& operator=(const PacketSender&) = delete;

  void queue(base::IfIndex interface, base::Bytes frame) override {
    queued_.push_back({.interface = interface, .offset = bytes_.size(), .size = frame.size()});
    bytes_.insert(bytes_.end(), frame.begin(), frame.end());
  }
  void flush() override;

 private:
  struct Queued {
    base::IfIndex interface;
    std::size_t offset;
    std::size_t size;
  };

  void build();
  void log_failure(const Queued& frame, int error);

  log::Logger& logger_;
  int fd_;
  log::RateLimit limit_;
  // The vectors keep their capacity between turns: after the first turns flush() allocates nothing.
  std::vector<std::uint8_t> bytes_;
  std::vector<Queued> queued_;
  std::vector<mmsghdr> messages_;
  std::vector<iovec> parts_;
  std::vector<sockaddr_ll> addresses_;
};

void PacketSender::build() {
  const std::size_t count = queued_.size();
  messages_.assign(count, mmsghdr{});
  parts_.assign(count, iovec{});
  addresses_.assign(count, sockaddr_ll{});
  for (std::size_t i = 0; i < count; ++i) {
    const Queued& frame = queued_[i];
    sockaddr_ll& address = addresses_[i];
    address.sll_family = AF_PACKET;
    address.sll_ifindex = static_cast<int>(base::to_number(frame.interface));
    if (frame.size >= kEtherTypeOffset + sizeof(address.sll_protocol)) {
      std::memcpy(&address.sll_protocol, &bytes_[frame.offset + kEtherTypeOffset], sizeof(address.sll_protocol));
    }
    parts_[i] = {bytes_.data() + frame.offset, frame.size};
    msghdr& header = messages_[i].msg_hdr;
    header.msg_name = &address;
    header.msg_namelen = sizeof(address);
    header.msg_iov = &parts_[i];
    header.msg_iovlen = 1;
  }
}

void PacketSender::flush() {
  if (queued_.empty()) {
    return;
  }
  build();
  std::size_t done = 0;
  while (done < messages_.size()) {
    const int sent = sendmmsg(fd_, &messages_[done], static_cast<unsigned>(messages_.size() - done), MSG_DONTWAIT);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
    } else if (errno != EINTR) {
      log_failure(queued_[done], errno);  // the error is of the first that was not sent
      ++done;
    }
  }
  queued_.clear();
  bytes_.clear();
}

void PacketSender::log_failure(const Queued& frame, int error) {
  const std::uint32_t index = base::to_number(frame.interface);
  if (const auto suppressed = limit_.pass(fmt::format("{} {}", index, error), event::monotonic_now())) {
    logger_.write<kSendFailed>(index, std::strerror(error), *suppressed);
  }
}

}  // namespace

base::Result<std::unique_ptr<Sender>> Sender::open(log::Logger& logger, int shared) {
  // Protocol 0: this socket is given no received frame.
  const int fd =
      shared < 0 ? socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : fcntl(shared, F_DUPFD_CLOEXEC, 0);
  if (fd < 0) {
    return base::fail_errno(errno, "cannot open a packet socket (needs CAP_NET_RAW)");
  }
  // Neither is vital.
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &kQueueBytes, sizeof(kQueueBytes));
  setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &kPriorityControl, sizeof(kPriorityControl));
  return std::make_unique<PacketSender>(logger, fd);
}

}  // namespace tandem::net

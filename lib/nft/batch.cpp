// SPDX-License-Identifier: Apache-2.0
#include "lib/nft/batch.h"

#include <endian.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "lib/base/check.h"

namespace tandem::nft {
namespace {

constexpr std::size_t kAlignment = NLMSG_ALIGNTO;
constexpr int kBufferSize = 4 << 20;  // of the socket: a transaction is one datagram

template <class Address>
const sockaddr* generic(const Address& address) {
  return reinterpret_cast<const sockaddr*>(&address);  // the socket calls take the address type of any family
}

// The first error among the answers in the socket; 0: none.
int first_error(int socket) {
  std::array<std::byte, 8192> buffer{};
  int error = 0;
  while (true) {
    const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) {
      continue;
    }
    if (size < 0 && errno == ENOBUFS) {
      error = error == 0 ? ENOBUFS : error;
      continue;
    }
    if (size <= 0) {
      return error;
    }
    auto rest = std::span<const std::byte>(buffer).first(static_cast<std::size_t>(size));
    while (rest.size() >= sizeof(nlmsghdr)) {
      nlmsghdr header{};
      std::memcpy(&header, rest.data(), sizeof header);
      if (header.nlmsg_len < sizeof header || header.nlmsg_len > rest.size()) {
        break;
      }
      nlmsgerr answer{};
      if (header.nlmsg_type == NLMSG_ERROR && header.nlmsg_len >= sizeof header + sizeof answer.error && error == 0) {
        std::memcpy(&answer.error, rest.data() + sizeof header, sizeof answer.error);
        error = -answer.error;
      }
      rest = rest.subspan(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), rest.size()));
    }
  }
}

}  // namespace

Batch::Batch() { begin(NFNL_MSG_BATCH_BEGIN, 0, NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES); }

void Batch::begin(std::uint16_t type, std::uint16_t flags, std::uint8_t family, std::uint16_t resource) {
  end_message();
  message_ = bytes_.size();
  nlmsghdr header{};
  header.nlmsg_type = type;
  header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
  put(&header, sizeof header);
  const nfgenmsg generic_part{.nfgen_family = family, .version = NFNETLINK_V0, .res_id = htobe16(resource)};
  put(&generic_part, sizeof generic_part);
}

void Batch::message(std::uint16_t type, std::uint8_t family, std::uint16_t flags) {
  ++messages_;
  begin(static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8U | type), flags, family, 0);
}

void Batch::end_message() {
  TANDEM_INVARIANT(open_.empty());
  if (message_) {
    const auto size = static_cast<std::uint32_t>(bytes_.size() - *message_);
    std::memcpy(bytes_.data() + *message_, &size, sizeof size);  // nlmsg_len is the first field
    message_.reset();
  }
}

void Batch::put(const void* data, std::size_t size) {
  const auto* const first = static_cast<const std::byte*>(data);
  bytes_.insert(bytes_.end(), first, first + size);
}

void Batch::pad() { bytes_.resize((bytes_.size() + kAlignment - 1) / kAlignment * kAlignment); }

std::size_t Batch::put_header(std::uint16_t attribute, std::size_t size) {
  const std::size_t at = bytes_.size();
  const nlattr header{.nla_len = static_cast<std::uint16_t>(sizeof(nlattr) + size), .nla_type = attribute};
  put(&header, sizeof header);
  return at;
}

void Batch::bytes(std::uint16_t attribute, std::span<const std::byte> value) {
  put_header(attribute, value.size());
  put(value.data(), value.size());
  pad();
}

void Batch::text(std::uint16_t attribute, std::string_view value) {
  put_header(attribute, value.size() + 1);
  put(value.data(), value.size());
  bytes_.push_back(std::byte{0});
  pad();
}

void Batch::number(std::uint16_t attribute, std::uint32_t value) {
  const std::uint32_t in_order = htobe32(value);
  bytes(attribute, std::as_bytes(std::span(&in_order, 1)));
}

void Batch::long_number(std::uint16_t attribute, std::uint64_t value) {
  const std::uint64_t in_order = htobe64(value);
  bytes(attribute, std::as_bytes(std::span(&in_order, 1)));
}

void Batch::open(std::uint16_t attribute) {
  open_.push_back(put_header(static_cast<std::uint16_t>(attribute | NLA_F_NESTED), 0));
}

void Batch::close() {
  TANDEM_INVARIANT(!open_.empty());
  const std::size_t size = bytes_.size() - open_.back();
  TANDEM_INVARIANT(size <= UINT16_MAX);
  const auto length = static_cast<std::uint16_t>(size);
  std::memcpy(bytes_.data() + open_.back(), &length, sizeof length);  // nla_len is the first field
  open_.pop_back();
}

std::span<const std::byte> Batch::finish() {
  begin(NFNL_MSG_BATCH_END, 0, NFPROTO_UNSPEC, NFNL_SUBSYS_NFTABLES);
  end_message();
  return bytes_;
}

os::FileDescriptor open_socket() {
  os::FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (socket.is_open()) {
    const int on = 1;
    // Both are optional: without the first an answer is longer, without the second large transactions fail.
    static_cast<void>(::setsockopt(socket.get(), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on));
    static_cast<void>(::setsockopt(socket.get(), SOL_SOCKET, SO_SNDBUFFORCE, &kBufferSize, sizeof kBufferSize));
  }
  return socket;
}

base::Result<> run(int socket, std::span<const std::byte> transaction) {
  static_cast<void>(first_error(socket));  // discards answers that an earlier process has not read
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  ssize_t sent = 0;
  do {
    sent = ::sendto(socket, transaction.data(), transaction.size(), 0, generic(kernel), sizeof kernel);
  } while (sent < 0 && errno == EINTR);
  const int error = sent < 0 ? errno : first_error(socket);
  if (error != 0) {
    return base::Unexpected<base::Error>(base::Error{std::strerror(error), error});
  }
  return {};
}

}  // namespace tandem::nft

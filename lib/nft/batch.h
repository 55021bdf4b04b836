// SPDX-License-Identifier: Apache-2.0
// Messages of nf_tables, and a transaction of them over a socket of the caller. libnftables (session.h) cannot be used
// for this: it opens a socket of its own, and reads the ruleset before it changes a set. The bytes are built without a
// system call; the names of messages and attributes are those of linux/netfilter/nf_tables.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/os/fd.h"

namespace tandem::nft {

class Batch {
 public:
  Batch();

  // Begins the next message: `type` is NFT_MSG_…, `family` NFPROTO_…, `flags` NLM_F_… besides NLM_F_REQUEST. Its
  // attributes follow.
  void message(std::uint16_t type, std::uint8_t family, std::uint16_t flags = 0);
  void text(std::uint16_t attribute, std::string_view value);
  void number(std::uint16_t attribute, std::uint32_t value);       // in network order
  void long_number(std::uint16_t attribute, std::uint64_t value);  // in network order
  void bytes(std::uint16_t attribute, std::span<const std::byte> value);
  // The following attributes are nested in this one until close(). A nested attribute has at most 65 535 bytes.
  void open(std::uint16_t attribute);
  void close();

  bool is_empty() const { return messages_ == 0; }
  // The complete transaction, to be sent as one datagram. Nothing may be added afterwards.
  std::span<const std::byte> finish();

 private:
  void begin(std::uint16_t type, std::uint16_t flags, std::uint8_t family, std::uint16_t resource);
  void end_message();
  std::size_t put_header(std::uint16_t attribute, std::size_t size);
  void put(const void* data, std::size_t size);
  void pad();

  std::vector<std::byte> bytes_;
  std::vector<std::size_t> open_;  // offsets of the open attributes
  std::optional<std::size_t> message_;
  std::size_t messages_ = 0;
};

// A socket to nf_tables. A table that is created over it with NFT_TABLE_F_OWNER is removed by the kernel when the last
// process has closed the socket.
os::FileDescriptor open_socket();  // closed if the kernel has no netfilter

// Either all messages take effect at the same moment, or none does. The kernel executes the transaction before the call
// returns. The error has the errno value of the first message that was refused.
base::Result<> run(int socket, std::span<const std::byte> transaction);

}  // namespace tandem::nft

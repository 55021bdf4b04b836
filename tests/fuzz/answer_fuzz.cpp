// SPDX-License-Identifier: Apache-2.0
// Decoding of the answers to a Master's queries. Input: an Ethernet frame. For each input the decoder reads nothing
// outside of it. The frame's fixed fields determine the answer; neither padding nor a shorter frame changes it.
#include "tests/fuzz/fuzz.h"
#include "vrrpd/packet/question.h"

namespace tandem::vrrpd::packet {
namespace {

using fuzz::require;
using Buffer = std::vector<std::uint8_t>;

constexpr std::size_t kArpReplySize = 14 + 28;
constexpr std::size_t kAdvertisementSize = 14 + 40 + 24;

bool is_same(const Answer& a, const Answer& b) { return a.address == b.address && a.to == b.to && a.from == b.from; }

void check(const Buffer& frame) {
  const std::optional<Answer> answer = decode_answer(frame);
  if (!answer) {
    return;
  }
  const bool arp = answer->address.family() == Family::ipv4;
  const std::size_t size = arp ? kArpReplySize : kAdvertisementSize;
  require(frame.size() >= size, "an answer is a whole frame");
  require(frame[12] == (arp ? 0x08 : 0x86) && frame[13] == (arp ? 0x06 : 0xdd), "the family is that of the EtherType");
  require(std::equal(answer->to.bytes.begin(), answer->to.bytes.end(), frame.begin()), "the destination of the frame");
  const Buffer exact(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
  const std::optional<Answer> again = decode_answer(exact);
  require(again && is_same(*again, *answer), "padding does not count");
  const Buffer shorter(exact.begin(), exact.end() - 1);
  require(!decode_answer(shorter), "a frame that is cut is no answer");
}

}  // namespace
}  // namespace tandem::vrrpd::packet

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  tandem::vrrpd::packet::check(std::vector<std::uint8_t>(data, data + size));  // exactly this size
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "lib/net/bpf.h"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "lib/net/bpf_testing.h"

namespace tandem::net {
namespace {

using testing::FilteredPacket;
using testing::passes;

FilteredPacket packet(std::vector<std::uint8_t> bytes) { return {.network = std::move(bytes)}; }

TEST(FilterAssembler, JumpsToLabelsThatArePlacedLater) {
  FilterAssembler to;
  const auto refused = to.new_label();
  const auto accepted = to.new_label();
  to.load_byte(0).jump_if_equal(7, accepted).jump_unless_equal(9, refused).load_byte(1).jump_if_less(5, refused);
  to.jump(accepted);
  to.place(refused);
  to.refuse();
  to.place(accepted);
  to.accept();
  const FilterProgram program = to.finish();
  EXPECT_TRUE(passes(program, packet({7, 0})));
  EXPECT_FALSE(passes(program, packet({8, 9})));
  EXPECT_FALSE(passes(program, packet({9, 4})));
  EXPECT_TRUE(passes(program, packet({9, 5})));
  EXPECT_FALSE(passes(program, packet({9}))) << "a load from beyond the end refuses the packet";
}

TEST(FilterAssembler, ComparesAddresses) {
  const auto program_for = [](const char* address) {
    FilterAssembler to;
    const auto other = to.new_label();
    to.jump_unless_address(2, *base::IpAddress::parse(address), other).accept();
    to.place(other);
    to.refuse();
    return to.finish();
  };
  EXPECT_TRUE(passes(program_for("10.0.0.9"), packet({0, 0, 10, 0, 0, 9})));
  EXPECT_FALSE(passes(program_for("10.0.0.9"), packet({0, 0, 10, 0, 0, 8})));
  std::vector<std::uint8_t> ipv6(18);
  ipv6[2] = 0xfe;
  ipv6[3] = 0x80;
  ipv6[17] = 2;
  EXPECT_TRUE(passes(program_for("fe80::2"), packet(ipv6)));
  EXPECT_FALSE(passes(program_for("fe80::3"), packet(ipv6)));
}

TEST(FilterAssembler, IsEmptyOnceFinished) {
  FilterAssembler to;
  to.refuse();
  EXPECT_EQ(to.finish().size(), 1U);
  EXPECT_TRUE(to.finish().empty());
}

TEST(SocketFilter, AcceptAllLetsEverythingThrough) {
  EXPECT_TRUE(passes(accept_all(), packet({})));
  EXPECT_EQ(attach(-1, accept_all()), EBADF);
}

bool has_filter(int socket) {
  std::array<sock_filter, BPF_MAXINSNS> program;
  socklen_t instructions = program.size();
  return getsockopt(socket, SOL_SOCKET, SO_GET_FILTER, program.data(), &instructions) == 0 && instructions != 0;
}

// What the former filter dropped may have to be heard by now.
TEST(SocketFilter, IsRemovedWhenTheKernelRefusesTheNewOne) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(socket, 0);
  ASSERT_EQ(attach(socket, accept_all()), 0);
  ASSERT_TRUE(has_filter(socket));
  const FilterProgram too_long(BPF_MAXINSNS + 1, accept_all().front());
  EXPECT_NE(attach(socket, too_long), 0);
  EXPECT_FALSE(has_filter(socket));
  ::close(socket);
}

}  // namespace
}  // namespace tandem::net

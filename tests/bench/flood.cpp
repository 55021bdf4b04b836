// SPDX-License-Identifier: Apache-2.0
// bench_flood INTERFACE SECONDS RATE FILE: repeats the frames of a file over a packet socket, RATE a second (0: as fast
// as possible), for at most 300 seconds. Prints how many frames it has sent, and how many a second. FILE: for each
// frame its length (32 bits, little endian) and its bytes. tests/bench/flood.py runs it in a network namespace of its
// own.
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;
using Frame = std::vector<char>;

constexpr std::size_t kBatch = 64;
constexpr double kLongest = 300;
constexpr std::size_t kLargestFrame = 65536;

std::vector<Frame> read_frames(const char* path) {
  std::vector<Frame> frames;
  std::ifstream file(path, std::ios::binary);
  std::array<unsigned char, 4> head{};
  while (file.read(reinterpret_cast<char*>(head.data()), head.size())) {
    const std::size_t size = head[0] | (head[1] << 8U) | (static_cast<std::size_t>(head[2]) << 16U);
    Frame frame(std::min(size, kLargestFrame));
    if (!file.read(frame.data(), static_cast<std::streamsize>(frame.size()))) {
      break;
    }
    frames.push_back(std::move(frame));
  }
  return frames;
}

int open_socket(const char* interface) {
  const int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(if_nametoindex(interface));
  const int on = 1;
  if (fd < 0 || address.sll_ifindex == 0 || bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
      setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)) != 0) {
    std::perror(interface);
    std::exit(2);
  }
  return fd;
}

struct Result {
  std::uint64_t sent = 0;
  double took = 0;
};

Result flood(int fd, std::vector<Frame>& frames, double seconds, double rate) {
  std::vector<iovec> parts;
  for (Frame& frame : frames) {
    parts.push_back({frame.data(), frame.size()});
  }
  Result result;
  std::size_t next = 0;
  std::array<mmsghdr, kBatch> messages{};
  const Clock::time_point began = Clock::now();
  while ((result.took = Seconds(Clock::now() - began).count()) < seconds) {
    const double ahead = rate > 0 ? static_cast<double>(result.sent) / rate - result.took : 0;
    if (ahead > 0) {
      std::this_thread::sleep_for(Seconds(ahead));
      continue;
    }
    for (mmsghdr& message : messages) {
      message.msg_hdr.msg_iov = &parts[next++ % parts.size()];
      message.msg_hdr.msg_iovlen = 1;
    }
    const int sent = sendmmsg(fd, messages.data(), messages.size(), 0);
    if (sent < 0 && errno != ENOBUFS && errno != EAGAIN) {
      std::perror("sendmmsg");
      break;
    }
    result.sent += static_cast<std::uint64_t>(std::max(sent, 0));
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: bench_flood INTERFACE SECONDS RATE FILE\n");
    return 2;
  }
  std::vector<Frame> frames = read_frames(argv[4]);
  if (frames.empty()) {
    std::fprintf(stderr, "%s has no frames\n", argv[4]);
    return 2;
  }
  const Result result = flood(open_socket(argv[1]), frames, std::min(std::atof(argv[2]), kLongest), std::atof(argv[3]));
  std::printf("%llu %.0f\n", static_cast<unsigned long long>(result.sent),
              static_cast<double>(result.sent) / result.took);
  return 0;
}

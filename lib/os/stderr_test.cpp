// SPDX-License-Identifier: Apache-2.0
#include "lib/os/stderr.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <thread>

#include "lib/os/fd.h"

namespace tandem::os {
namespace {

const std::string kLine = "vrrpd: a line\n";

// stderr is `descriptor` while it lives.
class Stderr {
 public:
  explicit Stderr(int descriptor) : before_(::dup(STDERR_FILENO)) { ::dup2(descriptor, STDERR_FILENO); }
  ~Stderr() { ::dup2(before_.get(), STDERR_FILENO); }
  Stderr(const Stderr&) = delete;
  Stderr& operator=(const Stderr&) = delete;

 private:
  FileDescriptor before_;
};

void fill(int descriptor, const std::string& with) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  ::fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  while (::write(descriptor, with.data(), with.size()) > 0) {
  }
  ::fcntl(descriptor, F_SETFL, flags);
}

std::string read_from(int descriptor) {
  std::array<char, 65536> buffer{};
  const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
  return {buffer.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
}

struct Pair {
  FileDescriptor reading;
  FileDescriptor writing;
};

Pair pipe_pair() {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

TEST(Stderr, WritesALineToAPipe) {
  const Pair pipe = pipe_pair();
  {
    const Stderr redirected(pipe.writing.get());
    say(kLine);
  }
  EXPECT_EQ(read_from(pipe.reading.get()), kLine);
}

TEST(Stderr, WritesMoreThanAPipeTakesAtOnceToOneWhoReads) {
  const Pair pipe = pipe_pair();
  const std::string all = std::string(300'000, 'x') + "\n";
  std::string read;
  std::thread reader([&] {
    while (read.size() < all.size()) {
      read += read_from(pipe.reading.get());
    }
  });
  {
    const Stderr redirected(pipe.writing.get());
    say(all, std::chrono::minutes(1));
  }
  reader.join();
  EXPECT_EQ(read, all);
}

TEST(Stderr, LosesALineThatAFullPipeDoesNotTake) {
  const Pair pipe = pipe_pair();
  fill(pipe.writing.get(), std::string(4096, 'x'));
  {
    const Stderr redirected(pipe.writing.get());
    say(kLine);
  }
  EXPECT_EQ(::fcntl(pipe.writing.get(), F_GETFL) & O_NONBLOCK, 0) << "others write to it, too";
  EXPECT_EQ(read_from(pipe.reading.get()).find(kLine), std::string::npos);
}

TEST(Stderr, LosesALineThatAFullSocketDoesNotTake) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const Pair sockets{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
  {
    const Stderr redirected(sockets.writing.get());
    say(kLine);
  }
  EXPECT_EQ(read_from(sockets.reading.get()), kLine);
  fill(sockets.writing.get(), "x");
  const Stderr redirected(sockets.writing.get());
  say(kLine);
}

TEST(Stderr, DoesNotWaitForATerminalThatIsStopped) {
  const FileDescriptor master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(master.is_open() && ::grantpt(master.get()) == 0 && ::unlockpt(master.get()) == 0);
  std::array<char, 64> name{};
  ASSERT_EQ(::ptsname_r(master.get(), name.data(), name.size()), 0);
  const FileDescriptor terminal(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(terminal.is_open());
  const Stderr redirected(terminal.get());
  for (int line = 0; line < 100; ++line) {  // more than it keeps: the last ones find a part of the room they want
    say(std::string(3000, 'x') + "\n");
  }
  ASSERT_EQ(::tcflow(terminal.get(), TCOOFF), 0);
  say(kLine);
}

TEST(Stderr, ItsAlarmLeavesNothingBehind) {
  const Pair pipe = pipe_pair();
  const Stderr redirected(pipe.writing.get());
  say(kLine);
  struct sigaction action{};
  ::sigaction(SIGALRM, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
}

}  // namespace
}  // namespace tandem::os

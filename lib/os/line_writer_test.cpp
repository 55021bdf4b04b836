// SPDX-License-Identifier: Apache-2.0
#include "lib/os/line_writer.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <future>

#include "lib/os/fd.h"
#include "lib/os/limits.h"
#include "lib/os/sinks.h"

namespace tandem::os {
namespace {

using testing::HasSubstr;

std::string note(std::uint64_t count) { return fmt::format("{} dropped\n", count); }

// What it is told to do with each line, by the test.
class Script : public Outlet {
 public:
  explicit Script(std::function<base::Result<std::size_t>(std::string_view)> write) : write_(std::move(write)) {}
  int descriptor() const override { return -1; }
  base::Result<std::size_t> write(std::string_view text) override { return write_(text); }

 private:
  std::function<base::Result<std::size_t>(std::string_view)> write_;
};

class Pipe {
 public:
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    reading_ = FileDescriptor(ends[0]);
    writing_ = FileDescriptor(ends[1]);
  }
  int writing() const { return writing_.get(); }
  void close_reading() { reading_.reset(); }
  // Up to and with the next end of a line.
  std::string line() const {
    std::string text;
    for (char c = 0; c != '\n' && ::read(reading_.get(), &c, 1) == 1;) {
      text += c;
    }
    return text;
  }

 private:
  FileDescriptor reading_;
  FileDescriptor writing_;
};

log::Record record(std::string_view text) { return {log::Level::errors, "A-1", text}; }

TEST(LineWriter, AWriteThatHangsHoldsUpNobodyAndItsBacklogIsBounded) {
  std::promise<void> hanging;
  std::promise<void> go_on;
  std::string seen;
  auto stuck = go_on.get_future().share();
  LineWriter writer(std::make_unique<Script>([&, first = true](std::string_view text) mutable {
                      if (std::exchange(first, false)) {
                        hanging.set_value();
                        stuck.wait();
                      }
                      seen += text;
                      return base::Result<std::size_t>(text.size());
                    }),
                    note);
  writer.write("first\n");
  hanging.get_future().wait();
  const std::string large(kMaxLogBacklog / 4, 'x');
  for (int i = 0; i < 7; ++i) {
    writer.write(large);
  }
  EXPECT_EQ(writer.dropped(), 3U);
  go_on.set_value();
  writer.flush(std::chrono::hours(1));
  EXPECT_EQ(seen, "first\n" + large + large + large + large + "3 dropped\n");
  writer.write("after\n");
  writer.flush(std::chrono::hours(1));
  EXPECT_THAT(seen, testing::EndsWith("3 dropped\nafter\n"));
  EXPECT_EQ(writer.dropped(), 3U);
}

TEST(LineWriter, ItsEndDoesNotWaitForAWriteThatHangs) {
  std::promise<void> hanging;
  auto forever = std::make_shared<std::promise<void>>();
  {
    LineWriter writer(std::make_unique<Script>([&hanging, stuck = forever->get_future().share()](std::string_view) {
                        hanging.set_value();
                        stuck.wait();
                        return base::Result<std::size_t>(base::fail("too late"));
                      }),
                      note);
    writer.write("line\n");
    hanging.get_future().wait();
  }  // returns
  forever->set_value();
}

TEST(LineWriter, LinesThatCannotBeWrittenAreCountedAndSaidWhenTheNextOneCan) {
  bool full = true;
  std::string seen;
  LineWriter writer(std::make_unique<Script>([&](std::string_view text) -> base::Result<std::size_t> {
                      if (full) {
                        return base::fail_errno(ENOSPC, "write");
                      }
                      seen += text;
                      return text.size();
                    }),
                    note);
  writer.write("one\n");
  writer.write("two\n");
  writer.flush(std::chrono::hours(1));
  EXPECT_EQ(writer.dropped(), 2U);
  full = false;
  writer.write("three\n");
  writer.flush(std::chrono::hours(1));
  EXPECT_EQ(seen, "three\n2 dropped\n");
}

TEST(LineWriter, WhatIsWrittenInPiecesStaysWhole) {
  std::string seen;
  LineWriter writer(std::make_unique<Script>([&](std::string_view text) {
                      seen += text.substr(0, 3);
                      return base::Result<std::size_t>(std::min<std::size_t>(text.size(), 3));
                    }),
                    note);
  writer.write("a longer line\n");
  writer.flush(std::chrono::hours(1));
  EXPECT_EQ(seen, "a longer line\n");
}

TEST(Sinks, APipeThatNobodyReadsCostsLinesOnlyAndSaysSoWhenItIsReadAgain) {
  const Pipe pipe;
  const auto sink = make_descriptor_sink(pipe.writing(), "VRRP");
  const std::string text(8000, 'x');  // several pieces
  std::uint64_t written = 0;
  while (sink->dropped() == 0) {
    sink->write(record(text));
    ++written;
  }
  std::string line = pipe.line();
  for (; line.ends_with(text + "\n"); line = pipe.line()) {
    --written;
  }
  EXPECT_THAT(line, HasSubstr("VRRP: [VRRP-080] 1 lines were dropped here"));
  EXPECT_EQ(written, 1U);
  sink->write(record("again"));
  EXPECT_THAT(pipe.line(), HasSubstr("VRRP: [A-1] again\n"));
}

TEST(Sinks, APipeWithoutAReaderIsNoReasonToWait) {
  ::signal(SIGPIPE, SIG_IGN);
  Pipe pipe;
  const auto sink = make_descriptor_sink(pipe.writing(), "VRRP");
  pipe.close_reading();
  sink->write(record("lost"));
  sink->flush(std::chrono::hours(1));
  EXPECT_EQ(sink->dropped(), 1U);
}

// The process has run out of descriptors: its log is slower then, and its end is the same.
TEST(LineWriter, WritesAndEndsWithoutADescriptorToBeWokenBy) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const FileDescriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  std::string written;
  {
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(next.get());
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    LineWriter writer(std::make_unique<Script>([&written](std::string_view text) {
                        written += text;
                        return text.size();
                      }),
                      note);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
    writer.write("line\n");
    writer.flush(std::chrono::hours(1));
  }
  EXPECT_EQ(written, "line\n");
}

class Syslog : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(directory_.data()), nullptr);
    path_ = directory_ + "/log";
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  FileDescriptor listen() const {
    FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(std::data(address.sun_path), sizeof address.sun_path - 1);
    EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    return socket;
  }
  static std::string received(const FileDescriptor& socket) {
    std::array<char, 1000> buffer{};
    const ssize_t size = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
  }

  std::string directory_ = "/tmp/tandem-syslog-XXXXXX";
  std::string path_;
};

TEST_F(Syslog, LinesAreDatagramsWithPriorityDateAndName) {
  const FileDescriptor socket = listen();
  const auto sink = make_syslog_sink("vrrpd", path_);
  sink->write(record("text"));
  EXPECT_THAT(received(socket),
              testing::MatchesRegex(
                  fmt::format("<27>[A-Z][a-z][a-z] [ 0-9][0-9] ..:..:.. vrrpd\\[{}\\]: \\[A-1\\] text", ::getpid())));
}

TEST_F(Syslog, ADaemonThatDoesNotReadCostsLinesOnlyAndOneThatWasStartedAgainIsFound) {
  const auto sink = make_syslog_sink("vrrpd", path_);
  sink->write(record("no reader is there"));
  sink->flush(std::chrono::hours(1));
  EXPECT_EQ(sink->dropped(), 1U);
  FileDescriptor socket = listen();
  const std::string text(8000, 'x');
  while (sink->dropped() == 1) {
    sink->write(record(text));
  }
  socket.reset();
  std::filesystem::remove(path_);
  sink->flush(std::chrono::hours(1));  // what was waiting for it is lost
  socket = listen();
  sink->write(record("here again"));
  EXPECT_THAT(received(socket), HasSubstr("here again"));
  EXPECT_THAT(received(socket), HasSubstr("lines were dropped here"));
}

}  // namespace
}  // namespace tandem::os

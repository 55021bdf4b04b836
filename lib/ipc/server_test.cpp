// SPDX-License-Identifier: Apache-2.0
// Sessions that stall, send too much, keep connections or vanish do not affect other sessions. Real sockets on one
// loop; the limits are small or zero, so no test waits.
#include "lib/ipc/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>

#include "lib/ipc/codec.h"
#include "lib/ipc/frame.h"
#include "lib/ipc/socket.h"
#include "lib/ipc/throttle.h"

namespace tandem::ipc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Lines : public log::Sink {
 public:
  explicit Lines(std::string& text) : text_(text) {}
  void write(const log::Record& record) override { text_ += std::string(record.text) + "\n"; }

 private:
  std::string& text_;
};

// Answers as the test says, and records the user of each request.
class Daemon : public ServerHandler {
 public:
  void on_request(Session& session, const Request& request) override {
    asked.push_back(session.id());
    answer(session, request);
  }
  void on_closed(Session& session) override {
    closed.push_back(session.id());
    after_close();
  }

  std::vector<std::uint64_t> asked;
  std::vector<std::uint64_t> closed;
  std::function<void(Session&, const Request&)> answer = [](Session&, const Request&) {};
  std::function<void()> after_close = [] {};
};

// The client: sends and reads only when the test calls it.
class Client {
 public:
  explicit Client(const std::string& path) : socket_(std::move(*connect_socket(path))) {}

  void send(const std::string& bytes) {
    ASSERT_EQ(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
  }
  // Reads whenever data has arrived; `on_reply` gets every reply.
  void read_on(event::Loop& loop, std::function<void(const Reply&)> on_reply) {
    watch_.emplace(loop, socket_.get(), event::Watch::For::reading, [this, on_reply = std::move(on_reply)] {
      std::string bytes(1U << 16U, '\0');
      const ssize_t size = ::recv(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (size <= 0) {
        watch_.reset();
        return;
      }
      parser_.add(std::string_view(bytes).substr(0, static_cast<std::size_t>(size)));
      for (auto message = parser_.next(); message && *message; message = parser_.next()) {
        on_reply(*decode_reply(**message));
      }
    });
  }

 private:
  os::FileDescriptor socket_;
  FrameParser parser_;
  std::optional<event::Watch> watch_;
};

std::string request(std::string line) { return frame(encode(Request{1, Execute{"enable", std::move(line)}})); }
std::string hello() { return frame(encode(Request{1, Hello{}})); }

class Sessions : public testing::Test {
 protected:
  Sessions() {
    char name[] = "/tmp/tandem-ipc-XXXXXX";
    EXPECT_NE(mkdtemp(name), nullptr);
    directory_ = name;
    logger_.add(std::make_unique<Lines>(log_), log::Level::warnings);
  }
  ~Sessions() override { std::filesystem::remove_all(directory_); }

  void serve(const Limits& limits) {
    auto opened = Server::open(loop_, logger_, {directory_ + "/test.vty", {}, limits}, daemon_);
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = std::move(*opened);
  }
  Client connect() { return Client(directory_ + "/test.vty"); }

  void run_until_closed() {
    daemon_.after_close = [this] { loop_.stop(); };
    loop_.run();
  }
  // Runs the loop until nothing is ready.
  void run_for_turns(int turns) {
    if (turns == 0) {
      loop_.stop();
    } else {
      loop_.post([this, turns] { run_for_turns(turns - 1); });
    }
  }

  std::string directory_;
  std::string log_;
  event::Loop loop_;
  log::Logger logger_;
  Daemon daemon_;
  std::unique_ptr<Server> server_;
};

TEST_F(Sessions, WithoutAGreetingAreClosed) {
  serve({.hello_time = std::chrono::seconds(0)});
  const Client client = connect();
  run_until_closed();
  EXPECT_THAT(log_, HasSubstr("closed: no greeting within 0 s"));
}

TEST_F(Sessions, WithHalfAMessageAreClosed) {
  serve({.message_time = std::chrono::seconds(0)});
  Client client = connect();
  client.send(hello() + std::string("\0\0", 2));
  run_until_closed();
  EXPECT_THAT(log_, HasSubstr("closed: half a message for 0 s"));
  EXPECT_THAT(daemon_.asked, ElementsAre(1));
}

TEST_F(Sessions, AnIdleShellIsNotClosed) {
  serve({.message_time = std::chrono::seconds(0)});
  Client client = connect();
  client.send(hello());
  daemon_.answer = [this](Session&, const Request&) { run_for_turns(20); };
  loop_.run();
  EXPECT_THAT(daemon_.closed, IsEmpty());
}

TEST_F(Sessions, ThatSendNoMessageAreClosedWithTheReason) {
  serve({});
  Client client = connect();
  client.send(std::string("\xff\xff\xff\xff", 4));
  run_until_closed();
  EXPECT_THAT(log_, HasSubstr("a message of 4294967295 bytes, more than the limit of 16777216"));
}

TEST_F(Sessions, ThatAreClosedInALoopDoNotFillTheLog) {
  serve({});
  constexpr std::size_t kCount = 20;
  std::vector<Client> clients;
  for (std::size_t i = 0; i < kCount; ++i) {
    clients.push_back(connect());
    clients.back().send(std::string("\xff\xff\xff\xff", 4));
  }
  daemon_.after_close = [this] {
    if (daemon_.closed.size() == kCount) {
      loop_.stop();
    }
  };
  loop_.run();
  EXPECT_EQ(std::count(log_.begin(), log_.end(), '\n'), 1);
}

TEST_F(Sessions, BeyondTheLimitAreRefusedWithAReason) {
  const std::vector<std::pair<Limits, std::string>> cases{
      {{.sessions = 1}, "1 sessions are open already"},
      {{.sessions_per_user = 1}, "are open already; close some"},
  };
  for (const auto& [limits, why] : cases) {
    server_.reset();
    serve(limits);
    const Client first = connect();
    Client second = connect();
    std::string told;
    second.read_on(loop_, [&](const Reply& reply) {
      told = std::get<Done>(reply.body).error;
      loop_.stop();
    });
    loop_.run();
    EXPECT_THAT(told, HasSubstr("% Too many sessions: 1 sessions "));
    EXPECT_THAT(told, HasSubstr(why));
  }
  EXPECT_THAT(log_, HasSubstr("refused: 1 sessions are open already"));
}

TEST_F(Sessions, ThatFloodWaitForTheirTurn) {
  serve({});
  Client flood = connect();
  Client normal = connect();
  std::string many;
  for (int i = 0; i < 100; ++i) {
    many += request("show vrrp");
  }
  flood.send(many);
  normal.send(request("show vrrp"));
  daemon_.answer = [this](Session& session, const Request&) {
    if (session.id() == 2) {
      loop_.stop();
    }
  };
  loop_.run();
  EXPECT_LT(daemon_.asked.size(), 10U) << "the normal session waited for the flood";
}

TEST_F(Sessions, AreNotAskedForMoreThanTheRate) {
  serve({.requests_per_second = 1, .requests_at_once = 3});
  Client client = connect();
  client.send(request("1") + request("2") + request("3") + request("4"));
  run_for_turns(50);
  loop_.run();
  EXPECT_EQ(daemon_.asked.size(), 3U);
  EXPECT_THAT(daemon_.closed, IsEmpty()) << "it is delayed, not closed";
}

TEST_F(Sessions, ThatDoNotReadAreClosedAtTheirLimit) {
  serve({.session_backlog = 1U << 20U});
  Client client = connect();
  client.send(request("show vrrp"));
  daemon_.answer = [](Session& session, const Request&) {
    for (int i = 0; i < 4; ++i) {
      session.send({1, Output{std::string(1U << 19U, 'x')}});
    }
  };
  run_until_closed();
  EXPECT_THAT(log_, HasSubstr("closed: it does not read what it asked for"));
}

TEST_F(Sessions, TheOneWithTheMostUnreadMakesRoom) {
  serve({.total_backlog = 3U << 20U});
  Client large = connect();
  Client small = connect();
  large.send(request("large"));
  daemon_.answer = [&](Session& session, const Request& asked) {
    const bool is_large = std::get<Execute>(asked.body).line == "large";
    session.send({1, Output{std::string(is_large ? 2U << 20U : 1U << 20U, 'x')}});
    session.send({1, Output{std::string(is_large ? 1U << 19U : 1U << 20U, 'x')}});
    if (is_large) {
      small.send(request("small"));
    }
  };
  run_until_closed();
  EXPECT_THAT(daemon_.closed, ElementsAre(1));
}

TEST_F(Sessions, TheNextRequestWaitsUntilTheAnswerHasBeenRead) {
  serve({});
  Client client = connect();
  client.send(request("1") + request("2"));
  daemon_.answer = [](Session& session, const Request&) { session.send({1, Output{std::string(1U << 21U, 'x')}}); };
  run_for_turns(50);
  loop_.run();
  EXPECT_EQ(daemon_.asked.size(), 1U);
  client.read_on(loop_, [&](const Reply&) {
    if (daemon_.asked.size() == 2) {
      loop_.stop();
    }
  });
  loop_.run();
}

TEST_F(Sessions, ATerminalThatIsBehindMissesLogLinesAndIsTold) {
  constexpr std::size_t kLines = 100'000;
  serve({});
  Client client = connect();
  client.send(request("terminal monitor"));
  daemon_.answer = [&](Session& session, const Request&) {
    for (std::size_t i = 0; i < kLines; ++i) {
      session.send({0, LogLine{"[VRRP-003] something happened"}});
    }
    loop_.stop();
  };
  loop_.run();
  EXPECT_THAT(daemon_.closed, IsEmpty());
  std::size_t read = 0;
  std::string told;
  client.read_on(loop_, [&](const Reply& reply) {
    ++read;
    told = std::get<LogLine>(reply.body).text;
    if (told.ends_with(" log lines left out)")) {
      loop_.stop();
    }
  });
  loop_.run();
  EXPECT_EQ(told, fmt::format("({} log lines left out)", kLines - (read - 1)));
}

TEST(ThrottleTest, LetsSomeThroughAtOnceAndThenKeepsTheRate) {
  using std::chrono::milliseconds;
  Throttle throttle(10, 3);
  const base::TimePoint start(std::chrono::seconds(100));
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(throttle.admit(start));
  }
  EXPECT_EQ(throttle.admit(start), start + milliseconds(100));
  EXPECT_EQ(throttle.admit(start + milliseconds(60)), start + milliseconds(100));
  EXPECT_FALSE(throttle.admit(start + milliseconds(100)));
  EXPECT_EQ(throttle.admit(start + milliseconds(100)), start + milliseconds(200));
  const base::TimePoint later = start + std::chrono::seconds(60);
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(throttle.admit(later)) << "the credit is full again, and no more than full";
  }
  EXPECT_TRUE(throttle.admit(later));
}

}  // namespace
}  // namespace tandem::ipc

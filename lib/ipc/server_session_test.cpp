// SPDX-License-Identifier: Apache-2.0
// One session over a socket pair, with a peer that the test chooses. Pauses last an hour or have ended, so no test
// waits.
#include "lib/ipc/server_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "lib/ipc/codec.h"

namespace tandem::ipc {
namespace {

using testing::ElementsAre;

class Daemon : public ServerHandler {
 public:
  void on_request(Session& session, const Request& request) override {
    asked.push_back(session.peer().user);
    if (const auto* line = std::get_if<Execute>(&request.body)) {
      session.send({request.id, Output{line->line}});
    }
  }
  void on_closed(Session&) override {}

  std::vector<std::string> asked;
};

class OneSession : public testing::Test {
 protected:
  // The client's end of a session after the greeting.
  os::FileDescriptor open(const Peer& peer) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const ServerSession::Dependencies dependencies{
        loop_,
        daemon_,
        limits_,
        viewers_rest_until_,
        [](std::uint64_t) {},
        [] {},
        [](const Peer&, CloseReason, const std::string& words) { ADD_FAILURE() << words; }};
    sessions_.push_back(
        std::make_unique<ServerSession>(dependencies, sessions_.size(), peer, os::FileDescriptor(ends[0])));
    os::FileDescriptor client(ends[1]);
    send(client, {1, Hello{}});
    turn();
    daemon_.asked.clear();
    return client;
  }

  static void send(const os::FileDescriptor& client, const Request& request) {
    const std::string bytes = frame(encode(request));
    EXPECT_EQ(::send(client.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
  }
  static std::string received(const os::FileDescriptor& client) {
    std::string bytes(65536, '\0');
    const ssize_t size = ::recv(client.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    FrameParser parser;
    parser.add(bytes.substr(0, static_cast<std::size_t>(std::max<ssize_t>(size, 0))));
    const auto message = parser.next();
    const auto reply = message && *message ? decode_reply(**message) : base::Result<Reply>(base::fail("nothing"));
    return reply ? std::get<Output>(reply->body).text : reply.error().message;
  }

  // Runs the loop until nothing is ready.
  void turn() {
    for (int i = 0; i < 20; ++i) {
      loop_.run_pending();
    }
  }

  Peer viewer_{.pid = 1, .uid = 65534, .user = "nobody", .may_configure = false};
  Peer root_{.pid = 2, .uid = 0, .user = "root", .may_configure = true};
  event::Loop loop_;
  Limits limits_;
  Daemon daemon_;
  base::TimePoint viewers_rest_until_{};
  std::vector<std::unique_ptr<ServerSession>> sessions_;
};

TEST_F(OneSession, ViewersRestTogetherAndAdministratorsDoNot) {
  const auto first = open(viewer_);
  const auto second = open(viewer_);
  const auto administrator = open(root_);
  viewers_rest_until_ = event::monotonic_now() + std::chrono::hours(1);
  for (const auto* client : {&first, &second, &administrator}) {
    send(*client, {2, Execute{"view", "show vrrp"}});
  }
  turn();
  EXPECT_THAT(daemon_.asked, ElementsAre("root"));
}

TEST_F(OneSession, AViewersRequestMakesAllViewersRest) {
  const auto client = open(viewer_);
  viewers_rest_until_ = {};
  send(client, {2, Execute{"view", "show vrrp"}});
  turn();
  EXPECT_THAT(daemon_.asked, ElementsAre("nobody"));
  EXPECT_GT(viewers_rest_until_, base::TimePoint{});
  const base::TimePoint before = viewers_rest_until_;
  const auto administrator = open(root_);
  send(administrator, {2, Execute{"view", "show vrrp"}});
  turn();
  EXPECT_EQ(viewers_rest_until_, before);
}

TEST_F(OneSession, WhatOthersHaveSaidDoesNotSpeakToATerminal) {
  const auto client = open(root_);
  received(client);
  send(client, {2, Execute{"view", "name \x1b]0;x\x07\n"}});
  turn();
  EXPECT_EQ(received(client), "name \\x1b]0;x\\x07\n");
}

}  // namespace
}  // namespace tandem::ipc

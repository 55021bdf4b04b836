// SPDX-License-Identifier: Apache-2.0
// What the handler of a command gets: the daemon's parts, the session, and the words that the user has typed.
#pragma once

#include <any>
#include <cstdint>
#include <string>
#include <utility>

#include "lib/cli/match.h"
#include "lib/config/datastore.h"
#include "lib/config/transactions.h"
#include "lib/ipc/server.h"
#include "lib/mgmt/control.h"

namespace tandem::mgmt {

// The session as the handler of a command sees it: it takes the output, and copies of log messages if the user asks for them.
class SessionOutput {
 public:
  enum class LogCopy { off, on };
  virtual ~SessionOutput() = default;
  virtual void print(std::string text) = 0;
  virtual void copy_log(LogCopy wanted) = 0;
};

// The state of a connected shell.
struct SessionState {
  std::uint64_t id = 0;
  ipc::Peer peer;
  std::any screen = {};  // what the live screen of this session keeps from one refresh to the next

  // The state of a live screen; a new one if the session has shown no screen of this kind last.
  template <class Screen>
  Screen& screen_as() {
    if (std::any_cast<Screen>(&screen) == nullptr) {
      screen.emplace<Screen>();
    }
    return *std::any_cast<Screen>(&screen);
  }
};

struct CommandContext {
  std::string daemon;  // its name: "vrrpd"
  Control& control;
  config::Datastore& datastore;
  config::Transactions& transactions;
  std::string config_file;  // where `write memory` writes
  std::string user;         // that the daemon has become; empty: none
};

struct Invocation {
  const CommandContext& context;
  const cli::Bindings& bindings;
  SessionOutput& output;
  SessionState& session;
  std::size_t columns = 0;  // of the terminal, if a live screen is shown there
};
// The control of the daemon whose command this is. Precondition: the service was made with an OwnControl.
template <class OwnControl>
OwnControl& own_control(const Invocation& in) {
  return dynamic_cast<OwnControl&>(in.context.control);
}

}  // namespace tandem::mgmt

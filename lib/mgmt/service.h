// SPDX-License-Identifier: Apache-2.0
// The management side of a daemon: answers the requests of the shells that are connected. Runs on the management
// thread.
#pragma once

#include <map>
#include <memory>

#include "lib/event/loop.h"
#include "lib/ipc/server.h"
#include "lib/log/rate_limit.h"
#include "lib/mgmt/command_table.h"
#include "lib/mgmt/commands.h"

namespace tandem::mgmt {

class Service : public ipc::ServerHandler {
 public:
  // Keeps references to logger, loop and what the context refers to.
  Service(CommandContext context, DaemonCommands own, log::Logger& logger, event::Loop& loop);
  ~Service() override;

  void on_request(ipc::Session& session, const ipc::Request& request) override;
  void on_closed(ipc::Session& session) override;

 private:
  class RequestOutput;

  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Hello& hello);
  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Execute& execute);
  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Load& load);
  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::LeaveConfiguration& leave);
  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Complete& complete);
  ipc::Reply refuse(const ipc::Session& session, std::uint32_t id, const std::string& what);  // of a viewer
  ipc::Reply configure(ipc::Session& session, std::uint32_t id, const ipc::Execute& line);
  config::CommitResult load_file(const SessionState& session, const ipc::Load& load);
  ipc::Reply separate(ipc::Session& session, std::uint32_t id, const ipc::Load& load);
  ipc::Reply edit_candidate(const ipc::Session& session, std::uint32_t id, const cli::ConfigCommands::Effect& effect);
  ipc::Done done(const ipc::Session& session, std::string error = {}) const;
  void watch_confirmation();
  void copy_log(ipc::Session& session, SessionOutput::LogCopy wanted);
  SessionState& state_of(const ipc::Session& session);

  CommandContext context_;
  log::Logger& logger_;
  Commands commands_;
  std::vector<ipc::Highlight> highlights_;
  log::RateLimit attempts_;    // of viewers, by user
  event::Timer confirmation_;  // of a commit on probation
  std::map<std::uint64_t, SessionState> sessions_;
  std::map<std::uint64_t, int> log_copies_;  // session → its log sink
};

}  // namespace tandem::mgmt

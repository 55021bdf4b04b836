// SPDX-License-Identifier: Apache-2.0
// The management side of the daemon: answers the requests of the shells that are connected.
#pragma once

#include <map>
#include <memory>

#include "lib/ipc/server.h"
#include "vrrpd/mgmt/commands.h"

namespace tandem::vrrpd::mgmt {

class Service : public ipc::ServerHandler {
 public:
  Service(CommandContext context, log::Logger& logger);
  ~Service() override;

  void on_request(ipc::Session& session, const ipc::Request& request) override;
  void on_closed(ipc::Session& session) override;

 private:
  class SessionTerminal;

  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Hello& hello);
  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Execute& execute);
  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Configure& configure);
  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Load& load);
  ipc::Reply answer(ipc::Session& session, std::uint32_t id, const ipc::Complete& complete);
  ipc::Done done(std::string error = {}) const;
  void monitor(ipc::Session& session, Terminal::Monitor wanted);

  CommandContext context_;
  log::Logger& logger_;
  Commands commands_;
  std::map<std::uint64_t, int> monitors_;  // session → its log sink
};

}  // namespace tandem::vrrpd::mgmt

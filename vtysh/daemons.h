// SPDX-License-Identifier: Apache-2.0
// The daemons that the shell talks to, one socket each. One that goes away is forgotten and tried again at the next
// command.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/ipc/client.h"

namespace tandem::vtysh {

// The sockets in a directory, sorted; `only` names one daemon, which need not be there. Without any: the one that
// should be.
std::vector<std::string> find_sockets(const std::string& directory, const std::string& only);

class Daemons {
 public:
  using Connector = std::function<base::Result<std::unique_ptr<ipc::Client>>(const std::string& path)>;
  Daemons(const std::vector<std::string>& paths, Connector connector);

  // Connects those that are not. Fails if none is connected then: tells every socket tried and how to start a daemon.
  base::Result<> connect();

  // Changes whenever a connection is made or lost: the grammar may be another one.
  unsigned generation() const { return generation_; }
  // How often a connection was lost, and with it what a daemon kept for this session.
  unsigned losses() const { return losses_; }

  std::size_t size() const { return daemons_.size(); }
  std::size_t connected() const;
  const ipc::Welcome* welcome(std::size_t index) const;  // nullptr: not connected

  std::vector<ipc::Highlight> highlights() const;  // of all daemons

  // As Client::call; a connection that fails is given up, but not one whose answer is not waited for any more (EINTR).
  base::Result<ipc::Done> call(std::size_t index, ipc::Request request, const ipc::Client::TextHandler& on_output);
  std::vector<std::string> complete(const std::string& source);  // of all daemons, sorted
  // Sends the line to each daemon that does not let this user configure: it refuses the line and logs who tried it.
  void report_attempt(const std::string& line);

  void set_log_handler(ipc::Client::TextHandler on_log) { on_log_ = std::move(on_log); }
  std::vector<int> descriptors() const;
  // Handles what has arrived without being asked for. Returns a message for each connection that has ended.
  std::vector<std::string> read_pending();

 private:
  struct Daemon {
    std::string path;
    std::unique_ptr<ipc::Client> client;
  };
  void forget(Daemon& daemon);

  std::vector<Daemon> daemons_;
  Connector connector_;
  ipc::Client::TextHandler on_log_;
  unsigned generation_ = 0;
  unsigned losses_ = 0;
};

}  // namespace tandem::vtysh

// SPDX-License-Identifier: Apache-2.0
// The connections to the daemons, one socket each. The next command retries a lost connection.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "lib/ipc/client.h"

namespace tandem::vtysh {

// The sockets in a directory, sorted. `only` names one daemon, even if its socket does not exist. If the directory has
// no socket: the path of vrrpd's.
std::vector<std::string> find_sockets(const std::string& directory, const std::string& only);

class Daemons {
 public:
  using Connector = std::function<base::Result<std::unique_ptr<ipc::Client>>(const std::string& path)>;
  Daemons(const std::vector<std::string>& paths, Connector connector);

  // Connects to the daemons without a connection. Fails if no daemon is connected afterwards; the error names every
  // socket and how to start a daemon.
  base::Result<> connect();

  // Changes when a connection is made or lost: the grammar may have changed.
  unsigned generation() const { return generation_; }
  // The number of lost connections. A daemon discards the session's state with its connection.
  unsigned losses() const { return losses_; }

  std::size_t size() const { return daemons_.size(); }
  std::size_t connected() const;
  const ipc::Welcome* welcome(std::size_t index) const;  // nullptr: not connected

  std::vector<ipc::Highlight> highlights() const;  // of all daemons

  // As Client::call. Closes a connection that fails, except when the wait was interrupted (EINTR).
  base::Result<ipc::Done> call(std::size_t index, ipc::Request request, const ipc::Client::TextHandler& on_output);
  std::vector<std::string> complete(const std::string& source);  // of all daemons, sorted
  // Sends the line to each daemon that does not let this user configure: it refuses the line and logs the attempt.
  void report_attempt(const std::string& line);

  void set_log_handler(ipc::Client::TextHandler on_log) { on_log_ = std::move(on_log); }
  std::vector<int> descriptors() const;
  // Handles log lines that have arrived. Returns a message for each connection that has ended.
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

// SPDX-License-Identifier: Apache-2.0
// The shell's end of the management socket: blocking, one request at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "lib/base/result.h"
#include "lib/ipc/messages.h"

namespace tandem::ipc {

class Client {
 public:
  // Connects and sends Hello. Fails with the path and the reason ("…/vrrpd.vty: Connection refused").
  static base::Result<std::unique_ptr<Client>> connect(const std::string& path);
  virtual ~Client() = default;

  virtual const Welcome& welcome() const = 0;
  // Sends the request, passes each Output to `on_output`, returns the final Done. Passes LogLines that arrive meanwhile
  // to the log handler.
  using TextHandler = std::function<void(const std::string&)>;
  virtual base::Result<Done> call(Request request, const TextHandler& on_output) = 0;
  virtual base::Result<std::vector<std::string>> complete(const std::string& source) = 0;
  virtual void set_log_handler(TextHandler on_log) = 0;

  virtual int descriptor() const = 0;         // the caller waits on it for log lines while the user types
  virtual base::Result<> read_pending() = 0;  // handles the messages that have arrived; does not block
};

}  // namespace tandem::ipc

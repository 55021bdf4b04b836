// SPDX-License-Identifier: Apache-2.0
// The management side of the daemon: configuration, its files, the shells. It runs on the management thread and asks
// the protocol side for what it needs (protocol.h), so that nothing it does, however slow, holds up an advert.
#pragma once

#include <memory>

#include "lib/config/transactions.h"
#include "lib/daemon/configuration_files.h"
#include "lib/daemon/options.h"
#include "lib/event/loop.h"
#include "lib/ipc/server.h"
#include "lib/mgmt/service.h"
#include "vrrpd/daemon/configurator.h"
#include "vrrpd/daemon/control.h"
#include "vrrpd/daemon/protocol.h"

namespace tandem::vrrpd::daemon {

class Daemon {
 public:
  struct Dependencies {
    event::Loop& loop;  // of the management thread
    log::Logger& logger;
    LogState log;
    Runtime& runtime;
    event::Loop& protocol_loop;
    filter::Filter& filter;  // outlives the masterships: destroyed after them
    Checkpoint& checkpoint;
    int listening = -1;  // the management socket, if it is open already; taken over
  };
  // Listens for shells. The error is for stderr.
  static base::Result<std::unique_ptr<Daemon>> open(const Dependencies& dependencies,
                                                    const tandem::daemon::Options& options,
                                                    const yang::Context& context);

  // From here on both loops have to run.
  // As one transaction: the startup file, or what the checkpoint has. The error is for stderr.
  base::Result<> load_configuration();
  void reload() { files_.reload(); }  // SIGHUP: the file replaces the running configuration, as one transaction

  void follow_macvlans() { configurator_.follow_macvlans(); }  // `vrrp autoconfigure`: others may have changed them
  // Interfaces or their addresses have changed: the packet filter goes by them, a moment later.
  void on_filter_input_changed() { configurator_.follow_interfaces(); }

 private:
  Daemon(const Dependencies& dependencies, const tandem::daemon::Options& options, const yang::Context& context);

  log::Logger& logger_;
  tandem::daemon::Options options_;
  const Checkpoint& checkpoint_;
  Protocol protocol_;
  Configurator configurator_;
  tandem::config::Datastore datastore_;
  tandem::config::History history_;
  tandem::config::Transactions transactions_;
  tandem::daemon::ConfigurationFiles files_;
  DaemonControl control_;
  std::unique_ptr<tandem::mgmt::Service> service_;
  std::unique_ptr<ipc::Server> server_;
};

}  // namespace tandem::vrrpd::daemon

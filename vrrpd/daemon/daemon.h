// SPDX-License-Identifier: Apache-2.0
// The daemon: configuration on one side, protocol on the other, management in between. Wiring only.
#pragma once

#include <memory>

#include "lib/config/datastore.h"
#include "lib/event/loop.h"
#include "lib/ipc/server.h"
#include "vrrpd/daemon/log_settings.h"
#include "vrrpd/daemon/options.h"
#include "vrrpd/daemon/runtime.h"
#include "vrrpd/mgmt/service.h"

namespace tandem::vrrpd::daemon {

class Daemon : public tandem::config::Applier, public mgmt::Control {
 public:
  // Opens the kernel, loads the configuration as one transaction, listens for shells. Nothing is left behind on
  // failure; the error is for stderr.
  static base::Result<std::unique_ptr<Daemon>> start(event::Loop& loop, log::Logger& logger, const Options& options,
                                                     const yang::Context& context);
  ~Daemon() override;

  void reload();  // SIGHUP: the file replaces the running configuration, as one transaction
  void stop();    // abdicates and cleans up; the daemon is good for nothing afterwards

  // tandem::config::Applier
  std::vector<std::string> check(const yang::Tree& candidate) override;
  base::Result<> apply(const yang::Tree& candidate) override;

  // mgmt::Control
  std::vector<mgmt::GroupView> groups(const mgmt::GroupFilter& filter) const override;
  void clear_statistics(const mgmt::GroupFilter& filter) override;
  bool interface_exists(const std::string& name) const override;
  std::vector<std::string> interface_names() const override;
  std::string hostname() const override;
  std::set<config::DebugTopic> debug_topics() const override;
  void set_volatile_debug(const std::set<config::DebugTopic>& topics) override;
  std::set<config::DebugTopic> volatile_debug() const override { return volatile_debug_; }

 private:
  Daemon(log::Logger& logger, Options options, const yang::Context& context);
  base::Result<> load_startup_file();
  void warn_if_not_forwarding() const;
  std::size_t group_count() const;

  log::Logger& logger_;
  Options options_;
  LogSettings log_settings_;
  tandem::config::Datastore datastore_;
  config::Config config_;  // what runs
  std::set<config::DebugTopic> volatile_debug_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<mgmt::Service> service_;
  std::unique_ptr<ipc::Server> server_;
};

// All reasons for which a file was refused, one "FILE:LINE: message" a line.
std::string file_errors(const std::string& file, const std::vector<tandem::config::Refusal>& refusals);

}  // namespace tandem::vrrpd::daemon

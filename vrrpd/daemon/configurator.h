// SPDX-License-Identifier: Apache-2.0
// Makes configurations take effect: log, packet filter, virtual routers, checkpoint. Owns the configuration that runs. Runs
// on the management thread, while the protocol's loop runs.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "lib/config/applier.h"
#include "lib/config/log_settings.h"
#include "lib/daemon/options.h"
#include "vrrpd/daemon/checkpoint.h"
#include "vrrpd/daemon/filter_keeper.h"
#include "vrrpd/daemon/macvlan_groups.h"
#include "vrrpd/daemon/protocol.h"

namespace tandem::vrrpd::daemon {

class Configurator : public tandem::config::Applier {
 public:
  struct Dependencies {
    event::Loop& loop;  // of the management thread
    log::Logger& logger;
    Protocol& protocol;
    filter::Filter& filter;
    Checkpoint& checkpoint;
    // The running configuration as commands, for the checkpoint; called only while no transaction is applied.
    std::function<const std::string&()> running_text;
  };
  // Keeps references. If the checkpoint has a configuration, that one runs already.
  Configurator(const Dependencies& dependencies, const tandem::daemon::Options& options);

  // What is configured, and the groups that follow from macvlans.
  const config::Config& running() const { return running_; }
  // The startup configuration has been applied. Until then what the kernel refuses is logged and tried again, because
  // one virtual router must not keep the others from running; from now on it fails the transaction.
  void start();

  // tandem::config::Applier
  Preparation prepare(const yang::Tree& candidate) override;
  void on_progress() override;

  void follow_macvlans();                                     // other programs may have changed theirs
  void follow_interfaces() { filter_keeper_.follow_soon(); }  // interfaces or their addresses have changed

  // Topics of `debug vrrp` in force: those of the configuration and those of this run.
  std::set<config::DebugTopic> debug_topics() const;
  const std::set<config::DebugTopic>& volatile_debug() const { return volatile_debug_; }
  void set_volatile_debug(const std::set<config::DebugTopic>& topics);

  tandem::config::LogSettings::Dropped dropped_lines() const { return log_settings_.dropped(); }

 private:
  class PreparedChange;

  base::Result<> apply_log(const tandem::config::Log& wanted);
  void save_checkpoint(const std::string& text);

  log::Logger& logger_;
  Protocol& protocol_;
  Checkpoint& checkpoint_;
  std::function<const std::string&()> running_text_;
  config::Config configured_;
  config::Config running_;
  FilterKeeper filter_keeper_;
  MacvlanGroups macvlan_groups_;
  tandem::config::LogSettings log_settings_;
  std::set<config::DebugTopic> volatile_debug_;
  bool started_ = false;
  bool saved_ = true;  // the checkpoint has the running configuration
};

}  // namespace tandem::vrrpd::daemon

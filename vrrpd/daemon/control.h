// SPDX-License-Identifier: Apache-2.0
// Answers what commands ask of the daemon, from the running configuration and from the protocol's thread. Runs on the
// management thread, while the protocol's loop runs.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lib/daemon/options.h"
#include "lib/log/relay.h"
#include "lib/log/ring.h"
#include "lib/os/bounded_file.h"
#include "vrrpd/daemon/configurator.h"
#include "vrrpd/mgmt/operational.h"

namespace tandem::vrrpd::daemon {

struct LogState {
  const log::Ring& last_lines;
  const log::Backlog& backlog;  // between the protocol's thread and management
  int handle_of_option = 0;     // of the sink that option --log names
};

class DaemonControl final : public mgmt::Control {
 public:
  struct Dependencies {
    event::Loop& loop;  // of the management thread
    log::Logger& logger;
    LogState log;
    const tandem::daemon::Options& options;
    const Checkpoint& checkpoint;
    Protocol& protocol;
    Configurator& configurator;
    std::function<std::size_t()> session_count;
  };
  explicit DaemonControl(const Dependencies& dependencies) : with_(dependencies) {}  // keeps references

  // tandem::mgmt::Control
  std::string hostname() const override;
  std::optional<std::string> motd() const override;
  tandem::mgmt::LogView logging() const override;
  std::size_t session_count() const override { return with_.session_count(); }
  std::string incidents() const override;

  // mgmt::Control
  std::vector<mgmt::GroupView> groups(const mgmt::GroupSelection& selection) const override;
  std::vector<mgmt::HistoryEntry> history(const mgmt::GroupSelection& selection) const override;
  void clear_statistics(const mgmt::GroupSelection& selection) override;
  bool interface_exists(const std::string& name) const override;
  std::vector<std::string> interface_names() const override;
  std::vector<mgmt::InterfaceView> interfaces() const override;
  std::set<config::DebugTopic> debug_topics() const override { return with_.configurator.debug_topics(); }
  void set_volatile_debug(const std::set<config::DebugTopic>& topics) override;
  std::set<config::DebugTopic> volatile_debug() const override { return with_.configurator.volatile_debug(); }
  base::Result<> start_recording(const std::string& file) override;
  base::Result<> stop_recording() override;
  std::optional<std::string> recording() const override;

 private:
  std::vector<config::RouterKey> routers(const mgmt::GroupSelection& selection) const;
  const config::Config& running() const { return with_.configurator.running(); }

  Dependencies with_;
  std::shared_ptr<os::BoundedFile> recording_;
};

}  // namespace tandem::vrrpd::daemon

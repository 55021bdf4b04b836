// SPDX-License-Identifier: Apache-2.0
// The management side of the daemon: configuration, its files, the shells. It runs on the management thread and asks
// the protocol side for what it needs (protocol.h), so that nothing it does, however slow, holds up an advert.
#pragma once

#include <memory>

#include "lib/config/log_settings.h"
#include "lib/config/transactions.h"
#include "lib/daemon/options.h"
#include "lib/event/loop.h"
#include "lib/ipc/server.h"
#include "lib/log/relay.h"
#include "lib/log/ring.h"
#include "lib/mgmt/service.h"
#include "vrrpd/daemon/autoconfiguration.h"
#include "vrrpd/daemon/filter_keeper.h"
#include "vrrpd/daemon/protocol.h"
#include "vrrpd/daemon/recording_file.h"
#include "vrrpd/mgmt/commands.h"

namespace tandem::vrrpd::daemon {

class Daemon : public tandem::config::Applier, public mgmt::Control {
 public:
  struct LogState {
    const log::Ring& last_lines;
    const log::Backlog& backlog;  // between the protocol's thread and management
    int handle_of_option = 0;     // of the sink that option --log names
  };
  struct Surroundings {
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
  static base::Result<std::unique_ptr<Daemon>> open(const Surroundings& surroundings,
                                                    const tandem::daemon::Options& options,
                                                    const yang::Context& context);
  ~Daemon() override;

  // From here on both loops have to run.
  // As one transaction: the startup file, or what the checkpoint has. The error is for stderr.
  base::Result<> load_configuration();
  void follow_macvlans();  // `vrrp autoconfigure`: others may have changed them
  void reload();           // SIGHUP: the file replaces the running configuration, as one transaction

  // Interfaces or their addresses have changed: the packet filter goes by them, a moment later.
  void on_surroundings();

  // tandem::config::Applier
  std::vector<std::string> check(const yang::Tree& candidate) override;
  base::Result<> apply(const tandem::config::Configuration& candidate) override;
  void go_on_without_log_file(tandem::config::Log wanted, const base::Error& error);
  void on_progress() override;  // a sign of life

  // mgmt::Control
  std::vector<mgmt::GroupView> groups(const mgmt::GroupFilter& filter) const override;
  std::vector<mgmt::HistoryEntry> history(const mgmt::GroupFilter& filter) const override;
  void clear_statistics(const mgmt::GroupFilter& filter) override;
  bool interface_exists(const std::string& name) const override;
  std::vector<std::string> interface_names() const override;
  std::vector<mgmt::InterfaceView> interfaces() const override;
  std::string hostname() const override;
  std::optional<std::string> motd() const override;
  tandem::mgmt::LogView logging() const override;
  std::size_t session_count() const override { return server_->session_count(); }
  std::string incidents() const override;
  std::set<config::DebugTopic> debug_topics() const override;
  void set_volatile_debug(const std::set<config::DebugTopic>& topics) override;
  std::set<config::DebugTopic> volatile_debug() const override { return volatile_debug_; }
  base::Result<> start_recording(const std::string& file) override;
  base::Result<> stop_recording() override;
  std::optional<std::string> recording() const override;

 private:
  Daemon(const Surroundings& surroundings, tandem::daemon::Options options, const yang::Context& context);
  void follow_filter_at(base::TimePoint when);
  void follow_filter();
  tandem::config::CommitResult load_first(const tandem::config::File& file);
  void save_checkpoint(const std::string& text);
  config::Config with_macvlans(const config::Config& configured);
  void log_macvlans(const std::vector<io::ForeignMacvlan>& found, const std::vector<std::string>& left_out);
  void undo(const config::Config& applied);
  tandem::config::File startup_file(std::string text) const;
  base::Result<tandem::config::File> first_configuration() const;
  void report_refused(const std::vector<tandem::config::Refusal>& refusals) const;
  void report_skipped(const std::vector<tandem::config::Refusal>& skipped) const;
  void warn_if_not_forwarding() const;
  std::size_t group_count() const;
  std::vector<config::RouterKey> routers(const mgmt::GroupFilter& filter) const;

  event::Loop& loop_;
  log::Logger& logger_;
  LogState log_;
  tandem::daemon::Options options_;
  Protocol protocol_;
  FilterKeeper filter_keeper_;
  event::Timer filter_timer_;
  std::optional<base::TimePoint> filter_due_;
  base::Duration filter_retry_;
  Checkpoint& checkpoint_;
  bool saved_ = true;  // the checkpoint has the running configuration
  tandem::config::LogSettings log_settings_;
  tandem::config::Datastore datastore_;
  tandem::config::History history_;
  tandem::config::Transactions transactions_;
  std::optional<config::Config> checked_;  // what check() saw last
  config::Config configured_;
  config::Config config_;  // what runs: that, and the groups that follow from macvlans
  SettledMacvlans macvlans_;
  std::set<std::string> left_out_;  // of them, as last logged
  event::Timer next_look_;          // at them
  // At start a virtual router that the kernel refuses is logged and tried again: it must not keep the others from
  // running.
  bool started_ = false;
  std::set<config::DebugTopic> volatile_debug_;
  std::shared_ptr<RecordingFile> recording_;
  std::unique_ptr<tandem::mgmt::Service> service_;
  std::unique_ptr<ipc::Server> server_;
};

}  // namespace tandem::vrrpd::daemon

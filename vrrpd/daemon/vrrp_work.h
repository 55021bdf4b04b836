// SPDX-License-Identifier: Apache-2.0
// What a worker of vrrpd does: the protocol (Runtime) on the program's own thread, configuration and shells (Daemon) on
// the management thread.
#pragma once

#include <memory>
#include <optional>
#include <span>

#include "lib/daemon/work.h"
#include "lib/yang/context.h"
#include "vrrpd/daemon/daemon.h"

namespace tandem::vrrpd::daemon {

// The descriptors that stay open when a worker is replaced (supervisor::Fence::descriptors()); -1: there is none.
struct Kept {
  int packet_socket = -1;  // to send with
  int filter_socket = -1;  // to nf_tables
};
Kept kept_of(std::span<const int> descriptors);

class VrrpWork : public tandem::daemon::Work {
 public:
  explicit VrrpWork(tandem::daemon::Frame& frame);

  tandem::daemon::SharedCheckpoint& checkpoint() override { return checkpoint_; }
  bool continues() const override { return checkpoint_.configuration().has_value(); }

  base::Result<> open() override;
  void start_heartbeats() override { runtime_->give_signs_of_life(); }
  void stop() override;

  base::Result<> open_management() override;
  bool has_management() const override { return daemon_ != nullptr; }
  base::Result<> load_configuration() override { return daemon_->load_configuration(); }
  void reload() override { daemon_->reload(); }
  void close_management() override { daemon_.reset(); }

 private:
  void log_start();
  void with_daemon(void (Daemon::*use)());

  tandem::daemon::Frame& frame_;
  Checkpoint checkpoint_;
  std::unique_ptr<yang::Context> context_;
  std::optional<filter::Filter> filter_;
  std::unique_ptr<Runtime> runtime_;
  std::unique_ptr<Daemon> daemon_;
};

}  // namespace tandem::vrrpd::daemon

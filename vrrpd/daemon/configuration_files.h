// SPDX-License-Identifier: Apache-2.0
// The configuration from outside of sessions: at start, and on SIGHUP. Runs on the management thread.
#pragma once

#include <string>
#include <vector>

#include "lib/config/transactions.h"
#include "lib/daemon/options.h"
#include "vrrpd/daemon/checkpoint.h"

namespace tandem::vrrpd::daemon {

class ConfigurationFiles {
 public:
  struct Dependencies {
    const tandem::daemon::Options& options;
    log::Logger& logger;
    const Checkpoint& checkpoint;
    tandem::config::Transactions& transactions;
  };
  explicit ConfigurationFiles(const Dependencies& dependencies) : with_(dependencies) {}  // keeps references

  // As one transaction: the configuration of the worker before, or its last commit, or the startup file. Returns the name
  // of the source. The error is for stderr.
  base::Result<std::string> load_first();
  // The startup file replaces the running configuration, as one transaction. Errors are logged.
  void reload();

 private:
  base::Result<tandem::config::File> first() const;
  tandem::config::CommitResult load(const tandem::config::File& file);
  tandem::config::File startup_file(std::string text) const;
  void report_refused(const std::vector<tandem::config::Refusal>& refusals) const;
  void report_skipped(const std::vector<tandem::config::Refusal>& skipped) const;

  Dependencies with_;
};

}  // namespace tandem::vrrpd::daemon

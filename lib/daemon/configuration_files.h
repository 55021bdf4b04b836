// SPDX-License-Identifier: Apache-2.0
// The configuration from outside of sessions: at start, and on SIGHUP. For the management thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/config/transactions.h"
#include "lib/daemon/options.h"
#include "lib/supervisor/types.h"

namespace tandem::daemon {

class ConfigurationFiles {
 public:
  struct Dependencies {
    const Options& options;
    log::Logger& logger;
    config::Transactions& transactions;
  };
  explicit ConfigurationFiles(const Dependencies& dependencies) : with_(dependencies) {}  // keeps references

  // What the worker before has left.
  struct Left {
    std::string_view configuration{};      // that ran, as commands; empty: there is none, or it is lost
    std::optional<supervisor::End> end{};  // how that worker ended; none: there was no worker before
  };
  // As one transaction: the configuration of the worker before, or its last commit, or the startup file. Returns the name
  // of the source. The error is for stderr.
  base::Result<std::string> load_first(const Left& left);
  // The startup file replaces the running configuration, as one transaction. Errors are logged.
  void reload();

 private:
  base::Result<config::File> first(const Left& left) const;
  config::CommitResult load(const config::File& file);
  config::Caller itself() const;
  config::File startup_file(std::string text) const;
  void report_refused(const std::vector<config::Refusal>& refusals) const;
  void report_skipped(const std::vector<config::Refusal>& skipped) const;

  Dependencies with_;
};

}  // namespace tandem::daemon

// SPDX-License-Identifier: Apache-2.0
// Keeps the sinks that the configuration asks for (`log file …`, `log syslog …`, `log stdout …`) in the logger, beside
// those of the command line.
#pragma once

#include "lib/log/log.h"
#include "vrrpd/config/model.h"

namespace tandem::vrrpd::daemon {

class LogSettings {
 public:
  explicit LogSettings(log::Logger& logger) : logger_(logger) {}

  // Fails, and changes nothing, if a log file cannot be opened.
  base::Result<> apply(const config::Log& wanted);

 private:
  log::Logger& logger_;
  config::Log current_;
  int file_ = 0;  // handles of the sinks; 0: none
  int standard_output_ = 0;
  int syslog_ = 0;
};

}  // namespace tandem::vrrpd::daemon

// SPDX-License-Identifier: Apache-2.0
// Keeps the sinks that the configuration asks for (`log file …`, `log syslog …`, `log stdout …`) in the logger, beside
// those of the command line.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/config/system.h"
#include "lib/log/log.h"

namespace tandem::config {

class LogSettings {
 public:
  // `program`: its name, with which lines begin. A log file has to lie below one of the directories.
  LogSettings(log::Logger& logger, std::string program, std::vector<std::string> directories)
      : logger_(logger), program_(std::move(program)), directories_(std::move(directories)) {}

  // Fails, and changes nothing, if a log file cannot be opened.
  base::Result<> apply(const Log& wanted);

  struct Dropped {
    std::uint64_t file;
    std::uint64_t standard_output;
    std::uint64_t syslog;
  };
  Dropped dropped() const;  // lines, since each was configured

 private:
  log::Logger& logger_;
  std::string program_;
  std::vector<std::string> directories_;
  Log current_;
  int file_ = 0;  // handles of the sinks; 0: none
  int standard_output_ = 0;
  int syslog_ = 0;
};

}  // namespace tandem::config

// SPDX-License-Identifier: Apache-2.0
#include "lib/config/log_settings.h"

#include "lib/os/sinks.h"

namespace tandem::config {
namespace {

void drop(log::Logger& logger, int& handle) {
  if (handle != 0) {
    logger.remove(handle);
    handle = 0;
  }
}

}  // namespace

base::Result<> LogSettings::apply(const Log& wanted) {
  if (wanted.file != current_.file) {
    std::unique_ptr<log::Sink> sink;
    if (wanted.file) {
      sink = TANDEM_TRY(os::open_file_sink(os::log_file_below(directories_, wanted.file->path), program_));
    }
    drop(logger_, file_);
    if (sink != nullptr) {
      file_ = logger_.add(std::move(sink), wanted.file->level);
    }
  }
  if (wanted.standard_output != current_.standard_output) {
    drop(logger_, standard_output_);
    if (wanted.standard_output) {
      standard_output_ =
          logger_.add(os::make_stream_sink(os::Stream::standard_output, program_), *wanted.standard_output);
    }
  }
  if (wanted.syslog != current_.syslog) {
    drop(logger_, syslog_);
    if (wanted.syslog) {
      syslog_ = logger_.add(os::make_syslog_sink(program_), *wanted.syslog);
    }
  }
  current_ = wanted;
  return {};
}

LogSettings::Dropped LogSettings::dropped() const {
  return {.file = logger_.dropped(file_),
          .standard_output = logger_.dropped(standard_output_),
          .syslog = logger_.dropped(syslog_)};
}

}  // namespace tandem::config

// SPDX-License-Identifier: Apache-2.0
#include "lib/daemon/worker_log.h"

#include <memory>
#include <utility>

#include "lib/daemon/limits.h"
#include "lib/daemon/messages.h"
#include "lib/os/sinks.h"

namespace tandem::daemon {

WorkerLog::WorkerLog(event::Loop& loop, event::Loop& management_loop)
    : loop_(loop), management_loop_(management_loop), last_lines_(kLogLinesKept) {}

base::Result<> WorkerLog::open(const Options& options, WithoutFile without_file) {
  auto sink = os::open_sink(options.log_target, options.program);
  if (!sink && without_file == WithoutFile::fails) {
    return base::Unexpected<base::Error>(sink.error());
  }
  connect();
  handle_ = logger_.add(sink ? std::move(*sink) : os::make_stream_sink(os::Stream::standard_error, options.program),
                        options.log_level);
  logger_.add(os::make_ring_sink(last_lines_, options.program), log::Level::informational);
  if (!sink) {
    logger_.write<kLogFileNotOpened>(sink.error().message);
  }
  return {};
}

void WorkerLog::connect() {
  const auto deliver = [this](log::OwnedRecord record) {
    const std::size_t size = log::Backlog::size_of(record);
    if (!backlog_.reserve(size)) {
      return;
    }
    const std::uint64_t missed = backlog_.take_missed();
    management_loop_.post([this, record = std::move(record), when = event::wall_now(), size, missed] {
      backlog_.release(size);
      if (missed != 0) {
        logger_.write<kRecordsDropped>(missed);
      }
      logger_.emit({record.level, record.id, record.text, when});
    });
  };
  const int relay = loop_logger_.add(std::make_unique<log::Relay>(deliver), log::Level::informational);
  logger_.on_verbosity([this, relay](log::Level level) {
    loop_.post([this, relay, level] { loop_logger_.set_threshold(relay, level); });
  });
}

}  // namespace tandem::daemon
